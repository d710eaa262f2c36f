import * as z from 'zod/mini'
import {
  agentSourceSchema,
  cursorSchema,
  millisecondsSchema,
  printerIdSchema,
  sourceSchema,
} from './ids.ts'
import { limits } from './limits.ts'
import { celsiusSchema, temperatureFieldSchema } from './printer-state.ts'

const text = z.string().check(z.maxLength(limits.longText))

/** Why a job ended without reaching its end. */
export const failureReasons = ['cancelled', 'error', 'printer_lost', 'octoprint_lost'] as const

/** What an event, and later the record of a print, says of the job. */
export const jobFields = {
  /** The file's name, and its path where that says more. */
  name: z.optional(text),
  path: z.optional(z.string().check(z.maxLength(limits.pathText))),
  /** Time printed, without pauses. */
  printTime: z.optional(millisecondsSchema),
  /** Of each tool by its number, mm, as the slicer or the file's analysis says. */
  filament: z.optional(
    z.array(z.number().check(z.minimum(0))).check(z.maxLength(limits.arrayEntries)),
  ),
  /** The highest reading of each heater during the job, °C: `tool0.actual`, … */
  highest: z.optional(
    z
      .record(temperatureFieldSchema, celsiusSchema)
      .check(z.refine((record) => Object.keys(record).length <= limits.heaters)),
  ),
}

/** What happened. A closed union: a new type is a change of the wire. */
export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job_started'), ...jobFields }),
  z.object({ type: z.literal('job_complete'), ...jobFields }),
  z.object({ type: z.literal('job_failed'), reason: z.enum(failureReasons), ...jobFields }),
  z.object({ type: z.literal('job_paused'), ...jobFields }),
  z.object({ type: z.literal('job_resumed'), ...jobFields }),
  z.object({ type: z.literal('printer_error'), message: z.optional(text) }),
  z.object({ type: z.literal('printer_connected') }),
  z.object({ type: z.literal('printer_disconnected') }),
  z.object({ type: z.literal('agent_silent'), printing: z.boolean() }),
  /** The agent's outbox had no room for so many events. */
  z.object({ type: z.literal('events_lost'), count: z.int().check(z.minimum(1)) }),
])
export type EventBody = z.infer<typeof eventBodySchema>

/** An event on its way from the agent: the `m`-th of its source. */
export const sentEventSchema = z.object({
  src: agentSourceSchema,
  m: z.int().check(z.minimum(1)),
  /** How long ago it happened when the frame was made, ms; the relay's clock gives the time. */
  age: millisecondsSchema,
  body: eventBodySchema,
})
export type SentEvent = z.infer<typeof sentEventSchema>

/** An event in a printer's log, under its dense number `n`. */
export const loggedEventSchema = z.object({
  printerId: printerIdSchema,
  n: cursorSchema,
  /** When it happened, ms since 1970 by the relay's clock. */
  at: millisecondsSchema,
  body: eventBodySchema,
})
export type LoggedEvent = z.infer<typeof loggedEventSchema>

/** The highest `m` the log has of each of its latest sources. */
export const highWaterSchema = z
  .record(sourceSchema, z.int().check(z.minimum(0)))
  .check(z.refine((marks) => Object.keys(marks).length <= limits.sources))
export type HighWater = z.infer<typeof highWaterSchema>
