import * as z from 'zod/mini'

/** Names that every object has (`constructor`, …) would be found in an empty record. */
const notInherited = z.refine((name: unknown) => typeof name === 'string' && !(name in {}))

/** A printer: made by the relay, unguessable enough not to be listed, never a secret. */
export const printerIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{1,40}$/), notInherited)
export type PrinterId = z.infer<typeof printerIdSchema>

/** A process start of an agent: random each time, never stored, so a cloned card clones none. */
export const instanceSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{8,40}$/), notInherited)
export type Instance = z.infer<typeof instanceSchema>

/** Who numbers an event: an agent's process start, or `relay`. */
export const sourceSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{5,40}$/), notInherited)

/** An agent must not number in the relay's own name: that would unhinge the marks of both. */
export const agentSourceSchema = sourceSchema.check(z.refine((name) => name !== 'relay'))

/** Counts the state frames of one generation, from 1. */
export const seqSchema = z.int().check(z.minimum(1))

/** Counts the subscribes and unsubscribes of one viewer connection, from 1. */
export const ridSchema = z.int().check(z.minimum(1))

/** A place in a printer's event log: 0 is before the first event. */
export const cursorSchema = z.int().check(z.minimum(0))

/** A duration or a clock reading in integer ms. */
export const millisecondsSchema = z.int().check(z.minimum(0))

/** One connection of an agent, ordered by when it was made. See generation.ts. */
export const generationSchema = z.string().check(z.regex(/^\d{13}#[A-Za-z0-9_=-]{1,64}$/))
export type Generation = z.infer<typeof generationSchema>
