import type { Relay } from '../relay/create-relay.ts'
import type { Identity } from '../relay/connections/authorize.ts'
import { asRelayError, RelayError } from '../relay/errors.ts'
import { valueOf, type SocketEvent } from './socket-event.ts'

export interface AuthorizerEvent extends SocketEvent {
  readonly methodArn: string
}

/** The gateway answers 401 to exactly this message, and 500 to every other. */
class Unauthorized extends Error {
  override readonly name = 'Unauthorized'
  readonly code = 'unauthenticated'
  constructor() {
    super('Unauthorized')
  }
}

/** Decides a handshake, once: 401 without a valid token or ticket, 403 from a foreign page. */
export const authorizerHandler = (relay: Relay) => async (event: AuthorizerEvent) => {
  const { methodArn, headers, queryStringParameters } = event
  try {
    const identity = await relay.authorize({
      authorization: valueOf(headers, 'authorization'),
      ticket: valueOf(queryStringParameters, 'ticket'),
      origin: valueOf(headers, 'origin'),
    })
    return { ...policy(identity.principal, 'Allow', methodArn), context: contextOf(identity) }
  } catch (error) {
    const { code } = asRelayError(error)
    const { requestId } = event.requestContext
    relay.ports.metrics.count('fluxrelay_errors_total', 1, code)
    relay.ports.log.info({ requestId, code }, 'a handshake was refused')
    if (code === 'origin_refused') return policy('nobody', 'Deny', methodArn)
    if (code === 'unauthenticated') throw new Unauthorized()
    throw new RelayError(code, 'The handshake could not be judged.')
  }
}

const policy = (principalId: string, Effect: 'Allow' | 'Deny', Resource: string) => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17' as const,
    Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }],
  },
})

/** In every later event of the connection; texts only. */
const contextOf = ({
  principal,
  kind,
  until,
  signedAt,
  tok,
}: Identity): Record<string, string> => ({
  principal,
  kind,
  until: String(until),
  ...(signedAt !== undefined && { at: String(signedAt) }),
  ...(tok !== undefined && { tok: String(tok) }),
})
