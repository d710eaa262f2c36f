import * as z from 'zod/mini'
import { millisecondsSchema, printerIdSchema } from './ids.ts'
import { givenNameSchema, nameSchema } from './name.ts'
import { guestTokenSchema, secretHashSchema, secretSchema } from './secret.ts'
import { timeOuts } from './time-outs.ts'
import { viewSchema } from './view.ts'

/** `POST /v1/sites/{id}/shares`: a link for the whole site or one printer of it. */
export const newShareSchema = z
  .object({
    name: nameSchema,
    printerId: z.optional(printerIdSchema),
    view: viewSchema,
    /** A display link serves TV mode for months. */
    display: z._default(z.boolean(), false),
    /** How long it lives, ms. */
    lifetime: z.int().check(z.minimum(timeOuts.shareShortest), z.maximum(timeOuts.displayLongest)),
  })
  .check(
    z.refine(({ display, lifetime }) => display || lifetime <= timeOuts.shareLongest, {
      error: 'at most 90 days, or a display link',
    }),
  )
export type NewShare = z.infer<typeof newShareSchema>

export const shareAnswerSchema = z.object({
  id: secretHashSchema,
  /** Shown this once: `<viewer>/#/s/<secret>`. */
  secret: secretSchema,
  until: millisecondsSchema,
})
export type ShareAnswer = z.infer<typeof shareAnswerSchema>

/** `POST /v1/shares/redeem`: a guest shows the link's secret (as `bySecretSchema`) and gets this. */
export const guestAnswerSchema = z.object({
  token: guestTokenSchema,
  /** When the token ends, ms since 1970 by the relay's clock; the link gives another. */
  until: millisecondsSchema,
  name: givenNameSchema,
  view: viewSchema,
  display: z.boolean(),
  /** The one printer it is for, where it is for one. */
  printerId: z.optional(printerIdSchema),
  now: millisecondsSchema,
})
export type GuestAnswer = z.infer<typeof guestAnswerSchema>
