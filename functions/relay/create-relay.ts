import type { PrinterList, PrinterView, Role, TicketAnswer } from '../../protocol/rest.ts'
import type { EventPage } from '../../protocol/rest-events.ts'
import type { HistoryAnswer } from '../../protocol/rest-history.ts'
import type { PrintPage } from '../../protocol/rest-prints.ts'
import type { InvitationView, Invite, InviteAnswer } from '../../protocol/rest-invitations.ts'
import type { AuditPage } from '../../protocol/rest-audit.ts'
import type { PairingAnswer, RedeemCode, RedeemedCode } from '../../protocol/rest-pairing.ts'
import type { GuestAnswer, NewShare, ShareAnswer } from '../../protocol/rest-shares.ts'
import type { SiteList, SiteView } from '../../protocol/rest-sites.ts'
import { readAudit } from './sites/audit.ts'
import { guestOf, redeemShare } from './shares/guests.ts'
import { acceptInvitation } from './people/accept-invitation.ts'
import { invite, lookAtInvitation, withdrawInvitation } from './people/invitations.ts'
import { newPrinterCode, newTokenCode } from './pairing/pairing.ts'
import { redeemCode } from './pairing/redeem-code.ts'
import {
  changeRole,
  leavePrinter,
  leaveSite,
  removePerson,
  type Removal,
  type RoleChange,
} from './people/people.ts'
import type { Person, Watcher } from './people/person.ts'
import { removePrinter, renamePrinter, withdrawToken } from './sites/printer-settings.ts'
import { takeToken } from './limits/rate-limit.ts'
import { rateLimits } from './limits/rate-limits.ts'
import { checkSession, endSessions } from './connections/sessions.ts'
import { makeShare, revokeShare } from './shares/shares.ts'
import { listSites, renameSite, siteView } from './sites/sites.ts'
import { isAdmitted, type AdmissionRule, type Claims } from './people/admission.ts'
import { authorize, type Handshake, type Identity } from './connections/authorize.ts'
import type { BroadcastBatch } from './watching/broadcast-batch.ts'
import type { Caller } from './caller.ts'
import { connected, disconnected } from './connections/connections.ts'
import { RelayError } from './errors.ts'
import { broadcast } from './watching/fan-out.ts'
import type { Ports } from './ports.ts'
import { listPrinters, printerView } from './watching/printer-views.ts'
import {
  grantOnSite,
  provisionPrinter,
  provisionSite,
  type PrinterToMake,
  type SiteToMake,
} from './sites/provision.ts'
import { readEvents, type EventWish } from './past/read-events.ts'
import { readHistory, type HistoryWish } from './past/read-history.ts'
import { readPrints, type PrintWish } from './past/read-prints.ts'
import { revokeOnSite } from './people/revoke-people.ts'
import { said } from './said.ts'
import { issueTicket } from './connections/tickets.ts'
import { watch } from './publishing/watchdog.ts'

export interface Settings {
  /** Pages that may open the relay, as a browser's Origin says it. */
  readonly origins: readonly string[]
  readonly admission: AdmissionRule
  /** The operator's own address, in lower case: who signs in with it owns the first site. */
  readonly ownerEmail?: string | undefined
}

/** Every use case, bound to its ports. */
export interface Relay {
  readonly ports: Ports
  authorize(handshake: Handshake): Promise<Identity>
  connected(caller: Caller): Promise<void>
  disconnected(caller: Caller): Promise<void>
  /** One frame of whoever speaks; the kind of the connection decides what it may say. */
  said(caller: Caller, text: string): Promise<void>
  watch(): Promise<void>
  broadcast(batch: BroadcastBatch): Promise<void>
  /** Refuses a signed-in person whom the admission rule does not let in. */
  admit(claims: Claims): void
  issueTicket(watcher: Watcher): Promise<TicketAnswer>
  /** Refuses a sign-in from before the person signed out everywhere. */
  checkSession(watcher: Watcher): Promise<void>
  /** Refuses a person who changes things too often. */
  mayChange(person: Person): Promise<void>
  endSessions(person: Person): Promise<void>
  guestOf(token: string): Promise<Watcher>
  redeemShare(address: string, read: () => string): Promise<GuestAnswer>
  makeShare(person: Person, siteId: string, share: NewShare): Promise<ShareAnswer>
  revokeShare(person: Person, siteId: string, hash: string): Promise<void>
  listSites(person: Person): Promise<SiteList>
  siteView(principal: string, siteId: string): Promise<SiteView>
  audit(principal: string, siteId: string, before: string | undefined): Promise<AuditPage>
  renameSite(person: Person, siteId: string, name: string): Promise<void>
  changeRole(person: Person, siteId: string, change: RoleChange): Promise<void>
  removePerson(person: Person, siteId: string, removal: Removal): Promise<void>
  leaveSite(person: Person, siteId: string): Promise<void>
  leavePrinter(person: Person, printerId: string): Promise<void>
  invite(person: Person, siteId: string, invite: Invite): Promise<InviteAnswer>
  withdrawInvitation(person: Person, siteId: string, hash: string): Promise<void>
  lookAtInvitation(person: Person, secret: string): Promise<InvitationView>
  acceptInvitation(person: Person, secret: string): Promise<InvitationView>
  newPrinterCode(person: Person, siteId: string, name: string): Promise<PairingAnswer>
  newTokenCode(person: Person, printerId: string): Promise<PairingAnswer>
  redeemCode(address: string, read: () => RedeemCode): Promise<RedeemedCode>
  renamePrinter(person: Person, printerId: string, name: string): Promise<void>
  removePrinter(person: Person, printerId: string): Promise<void>
  withdrawToken(person: Person, printerId: string, version: number): Promise<void>
  listPrinters(principal: string): Promise<PrinterList>
  printerView(principal: string, printerId: string): Promise<PrinterView>
  events(principal: string, printerId: string, wish: EventWish): Promise<EventPage>
  history(principal: string, printerId: string, wish: HistoryWish): Promise<HistoryAnswer>
  prints(principal: string, printerId: string, wish: PrintWish): Promise<PrintPage>
  provisionSite(site: SiteToMake): Promise<void>
  provisionPrinter(printer: PrinterToMake): Promise<void>
  grantOnSite(siteId: string, who: string, role: Role): Promise<void>
  revokeOnSite(siteId: string, who: string): Promise<void>
}

export const createRelay = (ports: Ports, { origins, admission, ownerEmail }: Settings): Relay => ({
  ports,
  authorize: (handshake) => authorize(ports, origins, handshake),
  connected: (caller) => connected(ports, caller),
  disconnected: (caller) => disconnected(ports, caller),
  said: (caller, text) => said(ports, caller, text),
  watch: () => watch(ports),
  broadcast: (batch) => broadcast(ports, batch),
  admit: (claims) => {
    if (!isAdmitted(admission, claims))
      throw new RelayError('not_admitted', 'You are signed in, but not let in here: ask the owner.')
  },
  issueTicket: (watcher) => issueTicket(ports, watcher),
  checkSession: (watcher) => checkSession(ports, watcher),
  mayChange: ({ principal }) =>
    takeToken(ports, `changes#${principal}`, rateLimits.changes, 'changes'),
  endSessions: (person) => endSessions(ports, person),
  guestOf: (token) => guestOf(ports, token),
  redeemShare: (address, read) => redeemShare(ports, address, read),
  makeShare: (person, siteId, share) => makeShare(ports, person, siteId, share),
  revokeShare: (person, siteId, hash) => revokeShare(ports, person, siteId, hash),
  listSites: (person) => listSites(ports, ownerEmail, person),
  siteView: (principal, siteId) => siteView(ports, principal, siteId),
  audit: (principal, siteId, before) => readAudit(ports, principal, siteId, before),
  renameSite: (person, siteId, name) => renameSite(ports, person, siteId, name),
  changeRole: (person, siteId, change) => changeRole(ports, person, siteId, change),
  removePerson: (person, siteId, removal) => removePerson(ports, person, siteId, removal),
  leaveSite: (person, siteId) => leaveSite(ports, person, siteId),
  leavePrinter: (person, printerId) => leavePrinter(ports, person, printerId),
  invite: (person, siteId, wish) => invite(ports, person, siteId, wish),
  withdrawInvitation: (person, siteId, hash) => withdrawInvitation(ports, person, siteId, hash),
  lookAtInvitation: (person, secret) => lookAtInvitation(ports, person, secret),
  acceptInvitation: (person, secret) => acceptInvitation(ports, person, secret),
  newPrinterCode: (person, siteId, name) => newPrinterCode(ports, person, siteId, name),
  newTokenCode: (person, printerId) => newTokenCode(ports, person, printerId),
  redeemCode: (address, read) => redeemCode(ports, address, read),
  renamePrinter: (person, printerId, name) => renamePrinter(ports, person, printerId, name),
  removePrinter: (person, printerId) => removePrinter(ports, person, printerId),
  withdrawToken: (person, printerId, version) => withdrawToken(ports, person, printerId, version),
  listPrinters: (principal) => listPrinters(ports, principal),
  printerView: (principal, printerId) => printerView(ports, principal, printerId),
  events: (principal, printerId, wish) => readEvents(ports, principal, printerId, wish),
  history: (principal, printerId, wish) => readHistory(ports, principal, printerId, wish),
  prints: (principal, printerId, wish) => readPrints(ports, principal, printerId, wish),
  provisionSite: (site) => provisionSite(ports, site),
  provisionPrinter: (printer) => provisionPrinter(ports, printer),
  grantOnSite: (siteId, who, role) => grantOnSite(ports, siteId, who, role),
  revokeOnSite: (siteId, who) => revokeOnSite(ports, siteId, who),
})
