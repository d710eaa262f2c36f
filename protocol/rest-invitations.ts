import * as z from 'zod/mini'
import { emailSchema } from './email.ts'
import { millisecondsSchema, printerIdSchema } from './ids.ts'
import { givenNameSchema } from './name.ts'
import { roleSchema } from './rest.ts'
import { secretHashSchema, secretSchema } from './secret.ts'

/** `POST /v1/sites/{id}/invitations`: to the whole site, or as a viewer to one printer of it. */
export const inviteSchema = z
  .object({
    role: roleSchema,
    printerId: z.optional(printerIdSchema),
    /** Only who signs in with this verified address can accept; without it, whoever has the link. */
    email: z.optional(emailSchema),
  })
  .check(
    z.refine(({ role, printerId }) => printerId === undefined || role === 'viewer', {
      error: 'a single printer is for viewers',
    }),
  )
export type Invite = z.infer<typeof inviteSchema>

/**
 * What became of the account of an invited address: made, or mailed another first password (`link`
 * is where its password is chosen, where the issuer cannot mail it), there already, or not ours to
 * make.
 */
export const invitedAccountSchema = z.object({
  state: z.enum(['made', 'known', 'elsewhere']),
  link: z.optional(z.string()),
})
export type InvitedAccount = z.infer<typeof invitedAccountSchema>

export const inviteAnswerSchema = z.object({
  id: secretHashSchema,
  /** Shown this once: `<viewer>/#/invite/<secret>`. */
  secret: secretSchema,
  until: millisecondsSchema,
  account: z.optional(invitedAccountSchema),
})
export type InviteAnswer = z.infer<typeof inviteAnswerSchema>

/** `POST /v1/sites/{id}/invitations/withdraw`, `POST /v1/sites/{id}/shares/revoke` */
export const byIdSchema = z.object({ id: secretHashSchema })

/** `POST /v1/invitations/look` and `…/accept` */
export const bySecretSchema = z.object({ secret: secretSchema })

/** What somebody is invited to. */
export const invitationViewSchema = z.object({
  site: givenNameSchema,
  /** Of the single printer that it is for. */
  printer: z.optional(givenNameSchema),
  role: roleSchema,
  until: millisecondsSchema,
  /** The relay's clock, ms since 1970. */
  now: millisecondsSchema,
  /** Where acceptance leads: the site or printer that one sees then. */
  siteId: z.string(),
  printerId: z.optional(printerIdSchema),
})
export type InvitationView = z.infer<typeof invitationViewSchema>
