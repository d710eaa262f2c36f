import * as z from 'zod/mini'
import { cursorSchema, millisecondsSchema, sourceSchema } from '../../../protocol/ids.ts'
import { limits } from '../../../protocol/limits.ts'
import type { HighWater } from '../../../protocol/printer-event.ts'

/** An agent counts its events; the relay marks its own by text (design §3.2). */
export const markSchema = z.union([z.int(), z.string()])
export type Mark = z.infer<typeof markSchema>

/** The highest `m` of each source, the source that was appended to last at the end. */
export const marksSchema = z.array(z.object({ src: sourceSchema, m: markSchema }))
export type Marks = z.infer<typeof marksSchema>

/** One event of a printer's log; the marks include it. */
export const eventItemSchema = z.object({
  n: cursorSchema,
  src: sourceSchema,
  m: markSchema,
  at: millisecondsSchema,
  /** The body as JSON. */
  body: z.string(),
  hwm: marksSchema,
  /** The print that was open before this event, as JSON: what the log alone would tell. */
  open: z.optional(z.string()),
  /** Absent in the newest, which never expires: it holds the log's head. */
  expiresAt: z.optional(z.number()),
})
export type EventItem = z.infer<typeof eventItemSchema>

export const relaySource = 'relay'

/** The mark of a source; nothing was appended of one that is not there. */
export const markOf = (marks: Marks, src: string): Mark | undefined =>
  marks.find((mark) => mark.src === src)?.m

/** The marks after `m` of `src`: the latest sources of agents, and always the relay's own. */
export const markedWith = (marks: Marks, src: string, m: Mark): Marks => {
  const others = marks.filter((mark) => mark.src !== src)
  const all = [...others, { src, m }]
  const agents = all.filter((mark) => mark.src !== relaySource).slice(-limits.sources)
  return all.filter((mark) => mark.src === relaySource || agents.includes(mark))
}

/** What an agent is told: the sources that count. */
export const highWaterOf = (marks: Marks): HighWater =>
  Object.fromEntries(
    marks.flatMap(({ src, m }) => (typeof m === 'number' ? [[src, m] as const] : [])),
  )
