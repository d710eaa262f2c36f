import { timeOuts } from '../../../protocol/time-outs.ts'
import { checkAgentToken } from '../publishing/agent-token.ts'
import { agentPrincipal, type Caller } from '../caller.ts'
import { RelayError } from '../errors.ts'
import { keptFor } from '../table/expiry.ts'
import type { Ports } from '../ports.ts'
import { consumeTicket } from './tickets.ts'

/** What a handshake shows of itself; names in lower case. */
export interface Handshake {
  readonly authorization: string | undefined
  readonly ticket: string | undefined
  readonly origin: string | undefined
}

export type Identity = Pick<Caller, 'kind' | 'principal' | 'until' | 'signedAt' | 'tok'>

/**
 * Decides who opens a socket: an agent by its token, a viewer by a ticket. A browser's page must be
 * on the list; programs send no Origin.
 */
export const authorize = async (
  ports: Ports,
  origins: readonly string[],
  { authorization, ticket, origin }: Handshake,
): Promise<Identity> => {
  if (origin !== undefined && !origins.includes(origin))
    throw new RelayError('origin_refused', 'This page is not on the list of allowed origins.')
  const identity =
    authorization !== undefined
      ? await agentOf(ports, authorization)
      : await viewerOf(ports, ticket ?? '')
  if (identity) return identity
  throw new RelayError('unauthenticated', 'The token or ticket is not valid.')
}

const bearer = /^bearer +/i

const agentOf = async (ports: Ports, authorization: string): Promise<Identity | undefined> => {
  const checked = await checkAgentToken(ports, authorization.replace(bearer, '').trim())
  if (!checked) return undefined
  const until = ports.now() + timeOuts.connectionLife + keptFor.connectionMargin
  const principal = agentPrincipal(checked.printerId)
  return { kind: 'agent', principal, until, signedAt: undefined, tok: checked.version }
}

const viewerOf = async (ports: Ports, ticket: string): Promise<Identity | undefined> => {
  const given = await consumeTicket(ports, ticket)
  if (!given || given.session <= ports.now()) return undefined
  const { principal, session: until, signedAt } = given
  return { kind: 'viewer', principal, until, signedAt, tok: undefined }
}
