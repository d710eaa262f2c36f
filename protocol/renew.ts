import * as z from 'zod/mini'

/** A ticket of `POST /v1/tickets`: random, single use, one minute. */
export const ticketSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** Lengthens the connection to a newer sign-in of the same principal. Answered by `renewed`. */
export const renewSchema = z.object({ action: z.literal('renew'), ticket: ticketSchema })
export type Renew = z.infer<typeof renewSchema>
