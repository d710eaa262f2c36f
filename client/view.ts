import type { Position } from '../protocol/generation.ts'
import type { PrinterId } from '../protocol/ids.ts'
import type { Mode } from '../protocol/mode.ts'
import type { LoggedEvent } from '../protocol/printer-event.ts'
import type { PrinterState } from '../protocol/printer-state.ts'
import type { SeenAs } from '../protocol/rest.ts'
import type { ErrorCodeName } from '../protocol/error-codes.ts'
import type { Badge } from './badge.ts'
import type { Entry } from './entry.ts'
import type { EndReason, Phase } from './session.ts'
import type { Counted } from './store.ts'

/** One printer, as a screen shows it. */
export interface PrinterSight {
  readonly id: PrinterId
  readonly name: string | undefined
  readonly site: { readonly id: string; readonly name: string } | undefined
  readonly role: SeenAs | undefined
  /** Undefined while nothing is known. */
  readonly state: PrinterState | undefined
  readonly position: Position | undefined
  readonly online: boolean
  readonly mode: Mode | undefined
  /** The agent's declared silence, ms. */
  readonly interval: number | undefined
  /** When the relay took the state in, ms since 1970 by its clock: see `RelayClient.relayNow`. */
  readonly relayAt: number | undefined
  /** The head of the event log. */
  readonly ev: number
  /** The newest events, oldest first; undefined before the first page came. */
  readonly events: readonly LoggedEvent[] | undefined
  readonly badge: Badge
  /** The relay was asked and has no state: no agent ever spoke. */
  readonly neverSpoke: boolean
  /** Why it cannot be watched. */
  readonly refused: ErrorCodeName | undefined
}

/** All that a screen needs, in one immutable value; what did not change is the same object. */
export interface ClientView {
  readonly link: {
    readonly phase: Phase['at']
    /** Why it ended for good. */
    readonly why: EndReason | undefined
  }
  readonly printers: Readonly<Record<PrinterId, PrinterSight>>
  readonly counted: Counted
}

export const sightOf = (
  id: PrinterId,
  entry: Entry,
  badge: Badge,
  answered: boolean,
): PrinterSight => {
  const { held } = entry.replica
  return {
    id,
    name: entry.about?.name,
    site: entry.about?.site,
    role: entry.about?.role,
    state: held?.state,
    position: held && { gen: held.gen, seq: held.seq },
    online: entry.online,
    mode: entry.standing?.mode,
    interval: entry.standing?.interval,
    relayAt: entry.standing?.relayAt,
    ev: entry.ev,
    events: entry.events.cursor === undefined ? undefined : entry.events.shown,
    badge,
    neverSpoke: answered && held === undefined,
    refused: entry.refused,
  }
}
