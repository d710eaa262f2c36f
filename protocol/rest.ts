import * as z from 'zod/mini'
import { printerIdSchema } from './ids.ts'
import { limits } from './limits.ts'
import { printerStateSchema } from './printer-state.ts'
import { ticketSchema } from './renew.ts'
import { standingFields } from './state-frame.ts'

const name = z.string().check(z.maxLength(limits.shortText))

/** The role of a person, which is held on a site or, a viewer's, on a printer. */
export const roleSchema = z.enum(['owner', 'viewer'])
export type Role = z.infer<typeof roleSchema>

/** How somebody came to see a printer: a guest by a share link. Nobody can be made a guest. */
export const seenAsSchema = z.enum([...roleSchema.options, 'guest'])
export type SeenAs = z.infer<typeof seenAsSchema>

/** A printer's stored state over HTTP: what a `state` snapshot carries. */
export const snapshotSchema = z.object({ ...standingFields, full: printerStateSchema })
export type Snapshot = z.infer<typeof snapshotSchema>

/** `GET /v1/printers/{id}`; `state` is absent while no agent ever spoke. */
export const printerViewSchema = z.object({
  id: printerIdSchema,
  name,
  /** For a guest `{id: 'shared', name: <the link's name>}`: whose it is stays unsaid. */
  site: z.object({ id: z.string(), name }),
  role: seenAsSchema,
  state: z.optional(snapshotSchema),
  /** The relay's clock, ms since 1970: what ages are counted against. */
  now: z.int(),
})
export type PrinterView = z.infer<typeof printerViewSchema>

/** `GET /v1/printers`: all that the caller may see. */
export const printerListSchema = z.object({ printers: z.array(printerViewSchema) })
export type PrinterList = z.infer<typeof printerListSchema>

/** `POST /v1/tickets`: opens one socket within `expiresIn` ms. */
export const ticketAnswerSchema = z.object({ ticket: ticketSchema, expiresIn: z.int() })
export type TicketAnswer = z.infer<typeof ticketAnswerSchema>

/** `/config.json` beside the viewer: where everything is, so that no build is needed per account. */
export const viewerConfigSchema = z.object({
  /** Base of the HTTP API, without a slash at its end. */
  api: z.string(),
  /** The WebSocket's address. */
  socket: z.string(),
  oidc: z.object({
    authority: z.string(),
    clientId: z.string(),
    scope: z.string(),
    /** Asked for as `resource` (RFC 8707) where the issuer needs it to give a JWT. */
    resource: z.optional(z.string()),
    /** Which token is shown to the HTTP API. */
    token: z.enum(['access', 'id']),
  }),
})
export type ViewerConfig = z.infer<typeof viewerConfigSchema>
