import * as z from 'zod/mini'

/** A newer connection of the same agent owns the printer, or nobody does: open a new connection. */
export const redialSchema = z.object({ type: z.literal('redial') })
export type Redial = z.infer<typeof redialSchema>
