import type { Connection } from './connection.ts'
import type { Ending } from './endings.ts'
import { disconnectEvent, messageEvent, type ConnectionFacts, type Occasion } from './events.ts'
import type { Faults } from './faults.ts'
import type { GatewayHandlers } from './handlers.ts'
import type { Outcome } from './invoke.ts'
import { selectRoute } from './select-route.ts'

export interface DispatchDeps {
  readonly handlers: GatewayHandlers
  readonly faults: Faults
  readonly occasion: () => Occasion
  readonly call: (route: string, run: () => Promise<unknown>) => Promise<Outcome>
}

/** A handler that died by injection, not by its own doing. */
class InjectedCrash extends Error {
  override readonly name = 'InjectedCrash'
  readonly code = 'injected-crash'
}

/** The gateway's own frames, by what went wrong. */
const errorTexts = {
  noRoute: 'Forbidden',
  threw: 'Internal server error',
  late: 'Endpoint request timed out',
  throttled: 'Too Many Requests',
} as const

/** Tells the client of a message that came to nothing; the cloud says no more than this. */
export const replyError = (
  connection: Connection,
  failure: keyof typeof errorTexts,
  requestId: string,
): void =>
  connection.reply({
    message: errorTexts[failure],
    connectionId: connection.facts.connectionId,
    requestId,
  })

const crashing = (faults: Faults, run: () => Promise<unknown>) => async (): Promise<unknown> => {
  const { crashBefore, crashAfter } = faults.plan()
  if (faults.happens(crashBefore)) throw new InjectedCrash('A fault ended the handler at once.')
  const value = await run()
  if (faults.happens(crashAfter)) throw new InjectedCrash('A fault ended the handler at its end.')
  return value
}

/** Runs one message. Nothing here waits for another message: the cloud runs them concurrently. */
export const dispatchMessage = async (
  connection: Connection,
  text: string,
  { handlers, faults, occasion, call }: DispatchDeps,
): Promise<void> => {
  const now = occasion()
  const route = selectRoute(text, handlers.routes)
  const handler = route === undefined ? undefined : handlers.routes[route]
  if (route === undefined || handler === undefined) {
    replyError(connection, 'noRoute', now.requestId)
    return
  }
  const event = messageEvent(connection.facts, now, route, text)
  const outcome = await call(
    route,
    crashing(faults, () => handler(event)),
  )
  // What a handler returns is dropped: no route response is set up.
  if (outcome.kind !== 'answered') replyError(connection, outcome.kind, now.requestId)
}

/** Runs `$disconnect`, if there is one; how it fails changes nothing. */
export const dispatchDisconnect = async (
  facts: ConnectionFacts,
  ending: Ending,
  { handlers, occasion, call }: DispatchDeps,
): Promise<void> => {
  const handler = Object.hasOwn(handlers.routes, '$disconnect')
    ? handlers.routes['$disconnect']
    : undefined
  if (handler === undefined) return
  await call('$disconnect', () => handler(disconnectEvent(facts, occasion(), ending)))
}
