import fc from 'fast-check'
import { generationOf } from '../../protocol/generation.ts'
import { emptyState } from '../../protocol/printer-state.ts'

const hugeNumber = fc.constantFrom(1e308, 2 ** 53, -1, 0, 0.5, -0, 1e-300, 9_007_199_254_740_991)
const hostileKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  '\0',
  '\ud800',
  'a.b',
)
const anything = fc.oneof(
  fc.anything({ maxDepth: 3, withBigInt: false }),
  hugeNumber,
  hostileKey,
  fc.integer({ min: 1, max: 40_000 }).map((n) => 'x'.repeat(n)),
  fc
    .integer({ min: 1, max: 8_000 })
    .map((n) => JSON.parse('['.repeat(n) + ']'.repeat(n)) as unknown),
  fc.dictionary(hostileKey, fc.anything({ maxDepth: 1, withBigInt: false })),
)

const rawTexts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.json({ maxDepth: 6 }),
  fc.integer({ min: 1, max: 16_000 }).map((n) => '['.repeat(n) + ']'.repeat(n)),
  fc.integer({ min: 1, max: 16_000 }).map((n) => '{"a":'.repeat(Math.min(n, 6_000))),
  fc.constantFrom(
    ...['', 'null', '1e999', '"', '[]', '{}', '\ud800', '\u2028', '{"action":1}', '{"action":"x"}'],
    ...['{"__proto__":{"action":"hello"}}', '{"action":"$connect"}', '{"action":"$disconnect"}'],
    ...['{"action":"__proto__"}', '{"action":"ping","action":"hello"}', '{"action":"constructor"}'],
    ...['{"action":"ping","subs":{"__proto__":1}}', '{"action":"publish","seq":1e400}'],
  ),
)

/** A good frame, bent in one or two places. */
const bent = (frames: readonly object[]) =>
  fc
    .tuple(fc.constantFrom(...frames), fc.array(fc.tuple(fc.nat(12), anything), { maxLength: 2 }))
    .map(([frame, changes]) => {
      const names = Object.keys(frame)
      const bends = changes.map(([at, value]) => [names[at % names.length] ?? 'x', value] as const)
      return jsonOf({ ...frame, ...Object.fromEntries(bends) })
    })

/** Values that JSON cannot carry are left out, as any client's would be. */
const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value)
  } catch {
    return '{}'
  }
}

const event = { src: 'source-1', m: 1, age: 0, body: { type: 'job_started', name: 'x' } }
const common = { mode: 'watched', interval: 30_000, agentNow: 1 }
const hello = {
  ...{ action: 'hello', instance: 'instance-1', fresh: true, seq: 1, version: '0' },
  ...{ agentNow: 1, interval: 30_000, state: emptyState },
}
const delta = { action: 'publish', seq: 3, k: 1, patch: { job: { name: 'y' } }, ...common }

export const agentFrames = [
  hello,
  { ...hello, seq: 2 ** 40, fresh: false },
  { action: 'publish', seq: 2, full: emptyState, ...common, ack: true },
  delta,
  { ...delta, seq: 1, k: 0 },
  { ...delta, seq: 2 ** 50, k: 2 ** 49 },
  { ...delta, seq: 9, patch: { job: { name: null }, nowhere: { a: 1 } } },
  { ...delta, seq: 5, events: [event, { ...event, m: 7 }, { ...event, m: 1 }] },
  { ...delta, seq: 6, events: Array.from({ length: 30 }, (_, m) => ({ ...event, m })) },
  { ...delta, seq: 7, history: { t0: 1, chunk: 1, columns: ['x'], data: [[1]] } },
  { ...delta, seq: 8, patch: { temperature: { '__proto__.actual': 1, 'tool0.actual': 1e308 } } },
  { ...delta, seq: 8, full: emptyState },
] as const

export const viewerFrames = (printerId: string) => [
  { action: 'subscribe', printerId, rid: 1 },
  { action: 'subscribe', printerId: 'nobody', rid: 2, since: 2 ** 50 },
  { action: 'unsubscribe', printerId, rid: 2 ** 52 },
  { action: 'sync', printerId, rid: 1, fresh: true },
  { action: 'renew', ticket: 'x'.repeat(43) },
  { action: 'ping', subs: { [printerId]: 1, nobody: 2 } },
  { type: 'state', kind: 'keyframe', printerId, gen: generationOf(1, 'x'), seq: 1 },
]

/** Frames of an agent or viewer, most of them wrong. */
export const hostileFrames = (good: readonly object[], foreign: readonly object[]) =>
  fc.oneof(
    { weight: 3, arbitrary: bent(good) },
    { weight: 1, arbitrary: bent(foreign) },
    { weight: 2, arbitrary: rawTexts },
  )
