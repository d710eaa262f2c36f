import { generationOf } from '../../protocol/generation.ts'
import type { Generation } from '../../protocol/ids.ts'
import { RelayError } from './errors.ts'

/** Who speaks, as the gateway says on every event of a connection. */
export interface Caller {
  readonly connectionId: string
  /** ms since 1970, by the gateway; rises from connection to connection. */
  readonly connectedAt: number
  readonly requestId: string
  readonly kind: 'agent' | 'viewer'
  /** `agent:<printerId>`, `user:<sub>` or `guest:<share>:<guest>`. */
  readonly principal: string
  /** The end of the sign-in that opened the connection, ms since 1970. */
  readonly until: number
  /** When the sign-in that opened the connection was given, ms since 1970; an agent has none. */
  readonly signedAt: number | undefined
  /** The version of an agent's token. */
  readonly tok: number | undefined
}

export const agentPrincipal = (printerId: string): string => `agent:${printerId}`
export const userPrincipal = (sub: string): string => `user:${sub}`
/** A guest of a share link: the link by its hash, and which guest. */
export const guestPrincipal = (shareHash: string, guest: string): string =>
  `guest:${shareHash}:${guest}`
/** The share link of a guest; `undefined` for everybody else. */
export const shareOfGuest = (principal: string): string | undefined =>
  /^guest:([0-9a-f]{64}):/.exec(principal)?.[1]

export const generationOfCaller = ({ connectedAt, connectionId }: Caller): Generation =>
  generationOf(connectedAt, connectionId)

/** The printer that an agent's connection speaks for. */
export const printerOfAgent = ({ principal, kind }: Caller): string => {
  if (kind !== 'agent') throw new RelayError('wrong_role', 'Only an agent may send this.')
  return principal.slice('agent:'.length)
}
