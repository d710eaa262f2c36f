import type { PrinterList, PrinterView, Role, TicketAnswer } from '../../protocol/rest.ts'
import type { EventPage } from '../../protocol/rest-events.ts'
import type { HistoryAnswer } from '../../protocol/rest-history.ts'
import type { PrintPage } from '../../protocol/rest-prints.ts'
import { isAdmitted, type AdmissionRule, type Claims } from './admission.ts'
import { authorize, type Handshake, type Identity } from './authorize.ts'
import type { BroadcastBatch } from './broadcast-batch.ts'
import type { Caller } from './caller.ts'
import { connected, disconnected } from './connections.ts'
import { RelayError } from './errors.ts'
import { broadcast } from './fan-out.ts'
import type { Ports } from './ports.ts'
import { listPrinters, printerView } from './printer-views.ts'
import {
  addToken,
  grantOnPrinter,
  grantOnSite,
  provisionPrinter,
  provisionSite,
  type PrinterToMake,
  type SiteToMake,
} from './provision.ts'
import { readEvents, type EventWish } from './read-events.ts'
import { readHistory, type HistoryWish } from './read-history.ts'
import { readPrints, type PrintWish } from './read-prints.ts'
import { revokeOnPrinter, revokeOnSite, revokeToken } from './revoke.ts'
import { said } from './said.ts'
import { issueTicket } from './tickets.ts'
import { watch } from './watchdog.ts'

export interface Settings {
  /** Pages that may open the relay, as a browser's Origin says it. */
  readonly origins: readonly string[]
  readonly admission: AdmissionRule
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
  issueTicket(principal: string, session: number): Promise<TicketAnswer>
  listPrinters(principal: string): Promise<PrinterList>
  printerView(principal: string, printerId: string): Promise<PrinterView>
  events(principal: string, printerId: string, wish: EventWish): Promise<EventPage>
  history(principal: string, printerId: string, wish: HistoryWish): Promise<HistoryAnswer>
  prints(principal: string, printerId: string, wish: PrintWish): Promise<PrintPage>
  provisionSite(site: SiteToMake): Promise<void>
  provisionPrinter(printer: PrinterToMake): Promise<void>
  addToken(printerId: string, tokenHash: string): Promise<number>
  grantOnSite(siteId: string, who: string, role: Role): Promise<void>
  grantOnPrinter(printerId: string, who: string): Promise<void>
  revokeToken(printerId: string, version: number): Promise<void>
  revokeOnSite(siteId: string, who: string): Promise<void>
  revokeOnPrinter(printerId: string, who: string): Promise<void>
}

export const createRelay = (ports: Ports, { origins, admission }: Settings): Relay => ({
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
  issueTicket: (principal, session) => issueTicket(ports, principal, session),
  listPrinters: (principal) => listPrinters(ports, principal),
  printerView: (principal, printerId) => printerView(ports, principal, printerId),
  events: (principal, printerId, wish) => readEvents(ports, principal, printerId, wish),
  history: (principal, printerId, wish) => readHistory(ports, principal, printerId, wish),
  prints: (principal, printerId, wish) => readPrints(ports, principal, printerId, wish),
  provisionSite: (site) => provisionSite(ports, site),
  provisionPrinter: (printer) => provisionPrinter(ports, printer),
  addToken: (printerId, tokenHash) => addToken(ports, printerId, tokenHash),
  grantOnSite: (siteId, who, role) => grantOnSite(ports, siteId, who, role),
  grantOnPrinter: (printerId, who) => grantOnPrinter(ports, printerId, who),
  revokeToken: (printerId, version) => revokeToken(ports, printerId, version),
  revokeOnSite: (siteId, who) => revokeOnSite(ports, siteId, who),
  revokeOnPrinter: (printerId, who) => revokeOnPrinter(ports, printerId, who),
})
