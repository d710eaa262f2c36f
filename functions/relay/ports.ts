import type { InvitedAccount } from '../../protocol/rest-invitations.ts'
import type { MetricNameOf } from '../metric-names.ts'
import type { BroadcastBatch } from './watching/broadcast-batch.ts'
import type { Table } from './table/table.ts'

/** What the use cases need of the world. Everything else in functions/relay is a function of it. */
export interface Ports {
  /** What can be lost: state, subscriptions, connections, tickets. */
  readonly live: Table
  /** What is kept: sites, printers, events, history. */
  readonly directory: Table
  readonly sender: Sender
  /** The relay's clock, ms since 1970. */
  readonly now: () => number
  readonly randomBytes: (count: number) => Uint8Array
  /** Hands a batch of a large audience to another Lambda, without waiting for its end. */
  readonly invokeBroadcast: (batch: BroadcastBatch) => Promise<void>
  readonly log: Log
  readonly metrics: Metrics
  /** Makes and ends accounts where the issuer is ours; absent elsewhere. */
  readonly accounts?: Accounts
  /** How long a print's record is kept, ms; a year where nothing is said. */
  readonly keepPrintsMs?: number
}

/** The accounts of an issuer that is ours: Cognito in the cloud, the built-in one on one machine. */
export interface Accounts {
  /** Makes an account for an invited address, or says that there is one. */
  invite(email: string): Promise<InvitedAccount>
  /** Ends the sign-ins of a person, so that no refresh token gives new ones. */
  endSignIns(principal: string): Promise<void>
}

/** `gone`: the connection ended. `throttled`, `failed`: the frame is lost, the connection may live. */
export type PostOutcome = 'sent' | 'gone' | 'throttled' | 'failed'

export interface Sender {
  /** Posts one frame, tried once. Never rejects. */
  send(connectionId: string, text: string): Promise<PostOutcome>
  /** Ends a connection; one that already ended is fine. Rejects when that is not certain. */
  close(connectionId: string): Promise<void>
  /** Whether the gateway holds it; false only when it said that it does not. Never rejects. */
  isOpen(connectionId: string): Promise<boolean>
}

export type LogFields = Readonly<Record<string, unknown>>

/** Structured lines. No token, ticket or query string ever goes into one. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

export interface Metrics {
  count(name: MetricNameOf, n?: number, label?: string): void
  observe(name: MetricNameOf, ms: number): void
}
