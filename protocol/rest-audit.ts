import * as z from 'zod/mini'
import { millisecondsSchema } from './ids.ts'
import { limits } from './limits.ts'

/** What owners and the relay did to who may see what. */
export const auditActions = [
  'site_made',
  'site_renamed',
  'printer_code',
  'printer_paired',
  'printer_renamed',
  'printer_removed',
  'token_added',
  'token_revoked',
  'person_invited',
  'invitation_withdrawn',
  'person_joined',
  'role_changed',
  'person_removed',
  'person_left',
  'share_made',
  'share_revoked',
] as const

const text = z.string().check(z.maxLength(limits.longText))

export const auditEntrySchema = z.object({
  id: z.string(),
  at: millisecondsSchema,
  action: z.enum(auditActions),
  /** Who did it, as people are called on this site: an address, else the principal. */
  by: text,
  /** Whom or what it was about, in words: a name or an address, never a secret. */
  about: text,
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

/** `GET /v1/sites/{id}/audit?before=…`: newest first, owners only. */
export const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema).check(z.maxLength(limits.auditPerPage)),
  /** Ask for the next page with `before` this; absent on the last. */
  before: z.optional(z.string()),
})
export type AuditPage = z.infer<typeof auditPageSchema>
