import * as z from 'zod/mini'
import { readdirSync, readFileSync } from 'node:fs'
import { VirtualOctoPrintError } from './errors.ts'
import { readPaths, type Answer, type ReadPath } from './scenario.ts'

const lineSchema = z.discriminatedUnion('kind', [
  z.object({ t: z.number(), kind: z.literal('meta'), body: z.object({ octoprint: z.string() }) }),
  z.object({
    t: z.number(),
    kind: z.literal('rest'),
    path: z.enum(readPaths),
    status: z.number(),
    body: z.unknown(),
  }),
  z.object({ t: z.number(), kind: z.literal('action') }),
  z.object({
    t: z.number(),
    kind: z.literal('push'),
    body: z.object({ event: z.object({ type: z.string(), payload: z.unknown() }) }),
  }),
])

/** An answer OctoPrint gave, `t` ms after the recording's start. */
export type RecordedAnswer = Answer & { readonly t: number; readonly path: ReadPath }
/** An event OctoPrint pushed, `t` ms after the recording's start: what really happened. */
export type RecordedEvent = { readonly t: number; readonly type: string; readonly payload: unknown }

export type Recording = {
  readonly octoprint: string
  /** In the order of time; every path has at least one. */
  readonly answers: readonly RecordedAnswer[]
  readonly events: readonly RecordedEvent[]
  /** From the start to the last answer, in ms. */
  readonly durationMs: number
}

const folder = new URL('recordings/', import.meta.url)

/** The names of all recordings that come with the project. */
export const recordingNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.slice(0, -'.jsonl'.length))
    .sort()

/** Reads one of the project's recordings by its name, such as `print-complete`. */
export const loadRecording = (name: string): Recording => {
  const known = recordingNames()
  if (!known.includes(name)) {
    throw new VirtualOctoPrintError(
      'unknown-recording',
      `There is no recording "${name}". Choose one of: ${known.join(', ')}.`,
    )
  }
  return parseRecording(readFileSync(new URL(`${name}.jsonl`, folder), 'utf8'), name)
}

/** Parses the JSON lines of a recording; `name` is only for messages. */
export const parseRecording = (text: string, name: string): Recording => {
  const lines = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, name, index + 1)]))
  const meta = lines.find((line) => line.kind === 'meta')
  const answers = lines
    .filter((line) => line.kind === 'rest')
    .map(({ t, path, status, body }) => ({ t, path, status, body }))
    .sort((a, b) => a.t - b.t)
  const last = answers.at(-1)
  const missing = readPaths.find((path) => !answers.some((answer) => answer.path === path))
  if (meta === undefined || last === undefined || missing !== undefined) {
    const what = meta === undefined ? 'a line of kind "meta"' : `answers of ${missing}`
    throw new VirtualOctoPrintError('broken-recording', `Recording "${name}" lacks ${what}.`)
  }
  const events = lines
    .filter((line) => line.kind === 'push')
    .map(({ t, body }) => ({ t, type: body.event.type, payload: body.event.payload }))
  return { octoprint: meta.body.octoprint, answers, events, durationMs: last.t }
}

const parseLine = (line: string, name: string, number: number) => {
  const parsed = z.safeParse(lineSchema, parseJson(line))
  if (parsed.success) return parsed.data
  throw new VirtualOctoPrintError(
    'broken-recording',
    `Line ${number} of recording "${name}" is not a recorded answer, action or event.`,
    parsed.error,
  )
}

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
