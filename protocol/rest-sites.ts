import * as z from 'zod/mini'
import { millisecondsSchema, printerIdSchema } from './ids.ts'
import { givenNameSchema } from './name.ts'
import { roleSchema } from './rest.ts'
import { secretHashSchema } from './secret.ts'
import { viewSchema } from './view.ts'

const siteSchema = z.object({ id: z.string(), name: givenNameSchema, role: roleSchema })

/** `GET /v1/sites`: where the caller has a role. */
export const siteListSchema = z.object({ sites: z.array(siteSchema) })
export type SiteList = z.infer<typeof siteListSchema>

/** Somebody with a role on a site, or let in to single printers of it. */
export const personSchema = z.object({
  /** The principal; opaque. */
  who: z.string(),
  /** The address or name they signed in with when they joined, where it is known. */
  name: z.optional(z.string()),
  role: roleSchema,
  /** The single printers they may see; absent for a role on the whole site. */
  printerIds: z.optional(z.array(printerIdSchema)),
  since: millisecondsSchema,
})
export type SitePerson = z.infer<typeof personSchema>

export const sitePrinterSchema = z.object({
  id: printerIdSchema,
  name: givenNameSchema,
  /** Versions of the agent tokens that work; the highest is the newest. */
  tokens: z.array(z.int()),
})
export type SitePrinter = z.infer<typeof sitePrinterSchema>

export const siteInvitationSchema = z.object({
  id: secretHashSchema,
  role: roleSchema,
  printerId: z.optional(printerIdSchema),
  email: z.optional(z.string()),
  until: millisecondsSchema,
})
export type SiteInvitation = z.infer<typeof siteInvitationSchema>

export const siteShareSchema = z.object({
  id: secretHashSchema,
  name: givenNameSchema,
  view: viewSchema,
  display: z.boolean(),
  printerId: z.optional(printerIdSchema),
  until: millisecondsSchema,
  /** Guests who watch now. */
  guests: z.int(),
})
export type SiteShare = z.infer<typeof siteShareSchema>

/** `GET /v1/sites/{id}`: the rest is for owners. */
export const siteViewSchema = z.object({
  ...siteSchema.shape,
  /** The caller's own principal. */
  you: z.string(),
  owned: z.optional(
    z.object({
      people: z.array(personSchema),
      printers: z.array(sitePrinterSchema),
      invitations: z.array(siteInvitationSchema),
      shares: z.array(siteShareSchema),
    }),
  ),
  now: millisecondsSchema,
})
export type SiteView = z.infer<typeof siteViewSchema>

/** `POST /v1/sites/{id}/people/role` */
export const changeRoleSchema = z.object({ who: z.string(), role: roleSchema })
/** `POST /v1/sites/{id}/people/remove`: from the site with all its printers, or from one printer. */
export const removePersonSchema = z.object({
  who: z.string(),
  printerId: z.optional(printerIdSchema),
})
