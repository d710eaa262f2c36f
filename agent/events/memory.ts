import * as z from 'zod/mini'

const text = z.optional(z.string())
const number = z.optional(z.number())

/** A print as it was last seen. Times of the clock are monotonic ms, durations ms. */
const activeJobSchema = z.object({
  name: text,
  path: text,
  filament: z.optional(z.array(z.number())),
  highest: z.record(z.string(), z.number()),
  printTime: number,
  completion: number,
  timeLeft: number,
  /** What OctoPrint knew of the file's earlier prints: it changes when one reaches its end. */
  lastPrintTime: number,
  finishing: z.boolean(),
  cancelling: z.boolean(),
  paused: z.boolean(),
  /** Its start was told; before, what was read of it may still be that of the job before. */
  told: z.boolean(),
  since: z.number(),
  /** Since when the printer is idle while the progress does not say how it ended. */
  endingSince: number,
})
export type ActiveJob = z.infer<typeof activeJobSchema>

/** What a print that reached its end leaves to be read until the next one or a disconnect. */
const donePrintSchema = z.object({ path: text, printTime: number, lastPrintTime: number })
export type DonePrint = z.infer<typeof donePrintSchema>

/** Why nothing was read for a while. */
const awaySchema = z.object({
  since: z.number(),
  /** `agent`: it was this process that did not run; `dead`: OctoPrint's process seems to be gone. */
  kind: z.enum(['agent', 'dead', 'silent']),
})
export type Away = z.infer<typeof awaySchema>

/** All that the detector remembers; it outlives the process in the outbox. */
export const memorySchema = z.object({
  seenAt: z.number(),
  connected: z.boolean(),
  errored: z.boolean(),
  job: z.optional(activeJobSchema),
  done: z.optional(donePrintSchema),
  /** Until then what is read of a finished print may still change without another one. */
  settleUntil: z.number(),
  away: z.optional(awaySchema),
})
export type Memory = z.infer<typeof memorySchema>

/** The memory of an earlier process start, `elapsed` ms ago, on this one's clock. */
export const revived = (memory: Memory, at: number, elapsed: number): Memory => ({
  ...memory,
  seenAt: at - elapsed,
  job: memory.job && { ...memory.job, since: at - elapsed, endingSince: undefined },
  settleUntil: at,
  away: { since: at - elapsed, kind: 'agent' },
})

/** The part of the memory that a restart must not lose; progress alone is not worth a write. */
export const lastingPart = ({ connected, errored, job, done }: Memory): string => {
  const { path, told, paused, finishing, cancelling } = job ?? {}
  return JSON.stringify([connected, errored, done, path, told, paused, finishing, cancelling])
}
