import { hasIdentity } from './identity-source.ts'
import { judge, judgeThrown, type Verdict } from './authorizer-verdict.ts'
import { authorizerEvent, connectArn, connectEvent } from './events.ts'
import type { ConnectionFacts, Occasion } from './events.ts'
import type { GatewayHandlers } from './handlers.ts'
import type { Outcome } from './invoke.ts'

/** Whether a handshake may become a connection. */
export type Admission =
  | {
      readonly kind: 'admitted'
      readonly facts: ConnectionFacts
      readonly subprotocol: string | undefined
    }
  | { readonly kind: 'refused'; readonly status: number }

export interface AdmissionDeps {
  readonly handlers: GatewayHandlers
  readonly identitySource: readonly string[]
  readonly authorizerResultBytes: number
  readonly occasion: () => Occasion
  readonly call: (route: string, run: () => Promise<unknown>) => Promise<Outcome>
}

const refused = (status: number): Admission => ({ kind: 'refused', status })

const authorize = async (
  facts: ConnectionFacts,
  { handlers, identitySource, authorizerResultBytes, occasion, call }: AdmissionDeps,
): Promise<Verdict | undefined> => {
  const { authorizer } = handlers
  if (authorizer === undefined) return undefined
  if (!hasIdentity(identitySource, facts.request)) return { kind: 'refused', status: 401 }
  const outcome = await call('authorizer', () => authorizer(authorizerEvent(facts, occasion())))
  switch (outcome.kind) {
    case 'answered':
      return judge(outcome.value, connectArn(facts), authorizerResultBytes)
    case 'threw':
      return judgeThrown(outcome.error)
    case 'late':
      return { kind: 'refused', status: 500 }
    default:
      return outcome satisfies never
  }
}

interface ConnectAnswer {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, unknown>>
}

const isConnectAnswer = (value: unknown): value is ConnectAnswer =>
  typeof value === 'object' &&
  value !== null &&
  Number.isInteger((value as Partial<ConnectAnswer>).statusCode)

/** A status that can stand in an HTTP answer; anything else is a malformed proxy response. */
const refusalStatus = (status: number): number => (status >= 300 && status <= 599 ? status : 502)

const subprotocolOf = ({ headers }: ConnectAnswer): string | undefined => {
  const found = Object.entries(headers ?? {}).find(
    ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
  )
  return typeof found?.[1] === 'string' && found[1] !== '' ? found[1] : undefined
}

const judgeConnect = (facts: ConnectionFacts, outcome: Outcome): Admission => {
  switch (outcome.kind) {
    case 'answered': {
      if (!isConnectAnswer(outcome.value)) return refused(502)
      const { statusCode } = outcome.value
      if (statusCode < 200 || statusCode > 299) return refused(refusalStatus(statusCode))
      return { kind: 'admitted', facts, subprotocol: subprotocolOf(outcome.value) }
    }
    case 'threw':
      return refused(502)
    case 'late':
      return refused(504)
    default:
      return outcome satisfies never
  }
}

/** Runs authorizer and `$connect` for one handshake, both before the 101 as in the cloud. */
export const admit = async (facts: ConnectionFacts, deps: AdmissionDeps): Promise<Admission> => {
  const verdict = await authorize(facts, deps)
  if (verdict?.kind === 'refused') return refused(verdict.status)
  const known = { ...facts, authorizer: verdict?.context }
  const connect = Object.hasOwn(deps.handlers.routes, '$connect')
    ? deps.handlers.routes['$connect']
    : undefined
  if (connect === undefined) return { kind: 'admitted', facts: known, subprotocol: undefined }
  const run = () => connect(connectEvent(known, deps.occasion()))
  return judgeConnect(known, await deps.call('$connect', run))
}
