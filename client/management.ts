import * as z from 'zod/mini'
import { auditPageSchema, type AuditPage } from '../protocol/rest-audit.ts'
import {
  invitationViewSchema,
  inviteAnswerSchema,
  type InvitationView,
  type Invite,
  type InviteAnswer,
} from '../protocol/rest-invitations.ts'
import { pairingAnswerSchema, type PairingAnswer } from '../protocol/rest-pairing.ts'
import { shareAnswerSchema, type NewShare, type ShareAnswer } from '../protocol/rest-shares.ts'
import {
  siteListSchema,
  siteViewSchema,
  type SiteList,
  type SiteView,
} from '../protocol/rest-sites.ts'
import type { Role } from '../protocol/rest.ts'
import { authorised, getting, posting, read, type Ask } from './ask.ts'
import type { RestDeps } from './rest.ts'

/**
 * Sites, people, invitations, links and printers, over the relay's HTTP API: one function for each
 * route. Every refusal is a `RequestError` with the relay's code, or a `SignInRequiredError`.
 */
export interface Management {
  sites(): Promise<SiteList>
  site(siteId: string): Promise<SiteView>
  /** Newest first; the next page with `before` of the last. Owners only, as all that follows. */
  audit(siteId: string, before?: string): Promise<AuditPage>
  renameSite(siteId: string, name: string): Promise<void>
  changeRole(siteId: string, who: string, role: Role): Promise<void>
  /** From the site with all its printers, or from one printer. */
  removePerson(siteId: string, who: string, printerId?: string): Promise<void>
  invite(siteId: string, invite: Invite): Promise<InviteAnswer>
  withdrawInvitation(siteId: string, id: string): Promise<void>
  makeShare(siteId: string, share: NewShare): Promise<ShareAnswer>
  revokeShare(siteId: string, id: string): Promise<void>
  /** A code for a new printer of the site. */
  newPrinterCode(siteId: string, name: string): Promise<PairingAnswer>
  /** A code for another token of a printer that is there. */
  newTokenCode(printerId: string): Promise<PairingAnswer>
  renamePrinter(printerId: string, name: string): Promise<void>
  removePrinter(printerId: string): Promise<void>
  revokeToken(printerId: string, version: number): Promise<void>
  /** One's own, as the rest. */
  leaveSite(siteId: string): Promise<void>
  leavePrinter(printerId: string): Promise<void>
  lookAtInvitation(secret: string): Promise<InvitationView>
  acceptInvitation(secret: string): Promise<InvitationView>
  /** Signs out everywhere: what is open ends, and tokens given before open nothing. */
  endSessions(): Promise<void>
}

/** The answer to a change that has nothing to tell. */
const done = z.object({})

const siteAt = (id: string) => `/v1/sites/${encodeURIComponent(id)}`
const printerAt = (id: string) => `/v1/printers/${encodeURIComponent(id)}`

export const createManagement = (deps: RestDeps): Management => {
  const ask = async <Schema extends z.ZodMiniType>(wish: Ask, schema: Schema) =>
    read(`${wish.method} ${wish.path}`, (await authorised(deps, wish)).answer, schema)
  const get = <Schema extends z.ZodMiniType>(path: string, schema: Schema) =>
    ask(getting(path), schema)
  const post = <Schema extends z.ZodMiniType>(path: string, body: unknown, schema: Schema) =>
    ask(posting(path, body), schema)
  const change = async (path: string, body?: unknown) => void (await post(path, body, done))
  return {
    sites: () => get('/v1/sites', siteListSchema),
    site: (id) => get(siteAt(id), siteViewSchema),
    audit: (id, before) =>
      get(
        `${siteAt(id)}/audit${before === undefined ? '' : `?${new URLSearchParams({ before }).toString()}`}`,
        auditPageSchema,
      ),
    renameSite: (id, name) => change(`${siteAt(id)}/name`, { name }),
    changeRole: (id, who, role) => change(`${siteAt(id)}/people/role`, { who, role }),
    removePerson: (id, who, printerId) => change(`${siteAt(id)}/people/remove`, { who, printerId }),
    invite: (id, invite) => post(`${siteAt(id)}/invitations`, invite, inviteAnswerSchema),
    withdrawInvitation: (site, id) => change(`${siteAt(site)}/invitations/withdraw`, { id }),
    makeShare: (id, share) => post(`${siteAt(id)}/shares`, share, shareAnswerSchema),
    revokeShare: (site, id) => change(`${siteAt(site)}/shares/revoke`, { id }),
    newPrinterCode: (id, name) => post(`${siteAt(id)}/pairing`, { name }, pairingAnswerSchema),
    newTokenCode: (id) => post(`${printerAt(id)}/pairing`, undefined, pairingAnswerSchema),
    renamePrinter: (id, name) => change(`${printerAt(id)}/name`, { name }),
    removePrinter: (id) => change(`${printerAt(id)}/remove`),
    revokeToken: (id, version) => change(`${printerAt(id)}/tokens/revoke`, { version }),
    leaveSite: (id) => change(`${siteAt(id)}/leave`),
    leavePrinter: (id) => change(`${printerAt(id)}/leave`),
    lookAtInvitation: (secret) => post('/v1/invitations/look', { secret }, invitationViewSchema),
    acceptInvitation: (secret) => post('/v1/invitations/accept', { secret }, invitationViewSchema),
    endSessions: () => change('/v1/sessions/end'),
  }
}
