import type { WireReply } from './reply.ts'

/** Bodies a reader must survive. Most are made from the right body, so that only one thing is odd. */
export const oddBodies = [
  'html',
  'empty',
  'truncated',
  'python-nan',
  'not-an-object',
  'array',
  'wrong-types',
  'nulls',
  'missing-fields',
  'unknown-fields',
  'any-script',
  'many-tools',
  'huge-numbers',
  'deep',
  'huge',
] as const
export type OddBody = (typeof oddBodies)[number]

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const hugeBytes = 16 * 1024 * 1024

/** Turns the right answer into an odd one; the status stays, and so does an empty body. */
export const makeOdd = (reply: WireReply, odd: OddBody): WireReply => {
  const type = odd === 'html' ? 'text/html; charset=utf-8' : 'application/json'
  return {
    status: reply.status,
    headers: { ...reply.headers, 'Content-Type': type },
    text: reply.text === '' ? '' : oddText(reply.text, odd),
  }
}

const oddText = (text: string, odd: OddBody): string => {
  switch (odd) {
    case 'html':
      return '<!doctype html><title>Welcome</title><p>Please sign in to the network.</p>'
    case 'empty':
      return ''
    case 'truncated':
      return text.slice(0, Math.floor(text.length * 0.6))
    case 'python-nan':
      // Python writes NaN and Infinity as bare words, which no JSON parser takes.
      return text.replace(/: -?\d[\d.]*/g, ': NaN')
    case 'not-an-object':
      return '"operational"'
    case 'array':
      return `[${text}]`
    case 'deep':
      return '['.repeat(100_000) + ']'.repeat(100_000)
    case 'huge':
      return text.replace('{', `{"padding": "${'x'.repeat(hugeBytes)}",`)
    case 'wrong-types':
    case 'nulls':
    case 'missing-fields':
    case 'unknown-fields':
    case 'any-script':
    case 'many-tools':
    case 'huge-numbers':
      return JSON.stringify(reshaped(JSON.parse(text) as Json, odd))
    default:
      return odd satisfies never
  }
}

type Reshaping = Exclude<
  OddBody,
  'html' | 'empty' | 'truncated' | 'python-nan' | 'not-an-object' | 'array' | 'deep' | 'huge'
>

const reshaped = (json: Json, odd: Reshaping): Json => {
  switch (odd) {
    case 'wrong-types':
      return eachLeaf(json, (leaf) =>
        typeof leaf === 'string' ? 17 : typeof leaf === 'number' ? `${leaf}` : [leaf],
      )
    case 'nulls':
      return eachLeaf(json, () => null)
    case 'huge-numbers':
      return eachLeaf(json, (leaf) => (typeof leaf === 'number' ? 1.7e308 : leaf))
    case 'any-script':
      return eachLeaf(json, (leaf) => (typeof leaf === 'string' && leaf !== '' ? anyScript : leaf))
    case 'missing-fields':
      return eachObject(json, (entries) => entries.filter((_, index) => index % 2 === 1))
    case 'unknown-fields':
      return eachObject(json, (entries) => [
        ...entries,
        ['__proto__', { polluted: 1 }],
        ['new field', 1],
      ])
    case 'many-tools':
      return eachObject(json, (entries) => entries.flatMap(manyTools))
    default:
      return odd satisfies never
  }
}

// Right-to-left, wide, combining, an emoji of several code points, a control and a lone surrogate.
const anyScript = 'ملف 花瓶 Zähne ȧ̷͓ 👩‍🔧 \u0007 <b>"&\'</b> \ud83d'

const eachLeaf = (json: Json, change: (leaf: null | boolean | number | string) => Json): Json => {
  if (Array.isArray(json)) return json.map((item) => eachLeaf(item, change))
  if (typeof json !== 'object' || json === null) return change(json)
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, eachLeaf(value, change)]),
  )
}

type Entries = [string, Json][]

const eachObject = (json: Json, change: (entries: Entries) => Entries): Json => {
  if (Array.isArray(json)) return json.map((item) => eachObject(item, change))
  if (typeof json !== 'object' || json === null) return json
  const inner = Object.entries(json).map(([key, value]): [string, Json] => [
    key,
    eachObject(value, change),
  ])
  return Object.fromEntries(change(inner))
}

const manyTools = ([key, value]: [string, Json]): Entries =>
  key === 'tool0'
    ? Array.from({ length: 100 }, (_, index): [string, Json] => [`tool${index}`, value])
    : [[key, value]]
