import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createAccept, type Handshake } from './accept.ts'
import { admit } from './admission.ts'
import { newConnectionId } from './connection-id.ts'
import { openConnection, type Connection } from './connection.ts'
import { dispatchDisconnect, dispatchMessage, replyError } from './dispatch.ts'
import { endings } from './endings.ts'
import { GatewaySetupError } from './errors.ts'
import type { ConnectionFacts, Occasion } from './events.ts'
import { createFarewells } from './farewells.ts'
import { createFaults, type Faults } from './faults.ts'
import type { GatewayHandlers } from './handlers.ts'
import { badHandshake } from './handshake-check.ts'
import { createIntake } from './intake.ts'
import { invoke, type Invocation } from './invoke.ts'
import { createLane } from './lane.ts'
import { gatewayLimits, type GatewayLimits } from './limits.ts'
import { createManagement, type PostOutcome } from './management.ts'
import { refuse } from './refuse.ts'
import { requestFacts, splitTarget } from './request-facts.ts'
import { createRisingClock } from './rising-clock.ts'
import { noCounts, type GatewayStats } from './stats.ts'
import { realTimers, type Timers } from './timers.ts'
import { createTokenBucket, noThrottle } from './token-bucket.ts'

export interface GatewayDeps {
  /** The path the gateway is mounted at, without slashes: `ws` for `/ws`. */
  readonly stage: string
  readonly handlers: GatewayHandlers
  /** What the management API's callers sign with; random for each run. */
  readonly accessKeyId: string
  /** The highest `connectedAt` of earlier runs (ms since 1970), or 0. */
  readonly connectedAtFloor: number
  /** Headers and query parameters that must all be there, as `route.request.header.X`. */
  readonly identitySource: readonly string[]
  readonly domainName: string
  readonly limits: GatewayLimits
  /** Whether the account's rates apply. */
  readonly throttle: boolean
  readonly faults: Faults
  readonly timers: Timers
  readonly now: () => number
  readonly randomBytes: (count: number) => Buffer
  readonly observe: (finished: Invocation) => void
}

/** What a gateway has when nothing else is said: the cloud's limits, real time, no faults. */
export const gatewayDefaults = () =>
  ({
    connectedAtFloor: 0,
    identitySource: [],
    domainName: 'localhost',
    limits: gatewayLimits,
    throttle: false,
    faults: createFaults(1),
    timers: realTimers,
    now: Date.now,
    randomBytes,
    observe: () => undefined,
  }) satisfies Partial<GatewayDeps>

export interface Gateway {
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Plain HTTP below the stage: `@connections`, and 426 for the stage itself. */
  readonly handleManagement: (request: IncomingMessage, response: ServerResponse) => void
  readonly faults: Faults
  readonly stats: GatewayStats
  /** Closes every connection with 1001, runs its `$disconnect`, and resolves when all is done. */
  readonly close: () => Promise<void>
}

const apiId = 'local'

const checkSetup = ({ stage, accessKeyId }: GatewayDeps): void => {
  if (!/^[\w-]+$/.test(stage)) {
    throw new GatewaySetupError('bad-stage', `The stage "${stage}" is no single path segment.`)
  }
  if (accessKeyId === '') {
    throw new GatewaySetupError('no-access-key', 'The gateway needs an access key id for posts.')
  }
}

/** A WebSocket API of API Gateway on one machine, with the cloud's rules and unkindness. */
export const createGateway = (deps: GatewayDeps): Gateway => {
  checkSetup(deps)
  const { stage, limits, faults, timers, now } = deps
  const clock = createRisingClock(now, deps.connectedAtFloor)
  const accept = createAccept(limits)
  const connections = new Map<string, Connection>()
  /** Also those that are ending: gone for everybody, but their sockets are not closed yet. */
  const open = new Set<Connection>()
  const running = new Set<Promise<void>>()
  const counts = noCounts()
  let closing = false
  let closed = false
  const bucket = (perSecond: number, burst: number) =>
    deps.throttle ? createTokenBucket(perSecond, burst, now) : noThrottle
  const connects = bucket(limits.connectsPerSecond, limits.connectsPerSecond)
  const requests = bucket(limits.requestsPerSecond, limits.requestBurst)
  const everybody = createIntake({ atOnce: limits.allMessagesAtOnce })
  const handshakes = createIntake({ atOnce: limits.handshakesAtOnce })

  const newId = () => newConnectionId(deps.randomBytes)
  const occasion = (): Occasion => ({ at: now(), requestId: newId() })

  const call = async (route: string, run: () => Promise<unknown>) => {
    const startedAt = now()
    const outcome = await invoke(run, limits, timers)
    if (outcome.kind !== 'answered') counts.handlerFailures += 1
    const error = outcome.kind === 'threw' ? outcome.error : undefined
    deps.observe({ route, outcome: outcome.kind, ms: now() - startedAt, error })
    return outcome
  }
  const dispatch = { handlers: deps.handlers, faults, occasion, call }

  const track = (work: Promise<void>) => {
    // What fails here is the emulator itself; it costs this one connection its answer, no more.
    const settled = work.catch(() => void (counts.handlerFailures += 1))
    running.add(settled)
    void settled.then(() => running.delete(settled))
  }
  const farewells = createFarewells({
    faults,
    timers,
    disconnect: (facts, ending) => track(dispatchDisconnect(facts, ending, dispatch)),
  })

  const onMessage =
    (messages: ReturnType<typeof createLane>) => (from: Connection, text: string) => {
      counts.messages += 1
      // A message that a fault still delays when all has ended is lost, as in a crash.
      const work = () => dispatchMessage(from, text, dispatch)
      const deliver = () => {
        if (!closed)
          track(from.work(() => everybody.run(work, from.facts.authorizer?.['principalId'])))
      }
      if (requests.take()) messages.pass(deliver)
      else replyError(from, 'throttled', newId())
    }

  const adopt = (
    facts: ConnectionFacts,
    socket: Parameters<typeof openConnection>[0]['socket'],
  ) => {
    counts.connected += 1
    const lane = (which: 'messages' | 'posts') => createLane({ faults, which, timers })
    const connection = openConnection({
      ...{ socket, facts, limits, timers, now },
      posts: lane('posts'),
      onMessage: onMessage(lane('messages')),
      onEnd: ({ facts: ended }, ending) => {
        connections.delete(ended.connectionId)
        farewells.say(ended, ending)
      },
    })
    connections.set(facts.connectionId, connection)
    open.add(connection)
    void connection.closed.then(() => open.delete(connection))
  }

  const newFacts = (request: IncomingMessage): ConnectionFacts => ({
    ...{ apiId, stage, domainName: deps.domainName, authorizer: undefined },
    connectionId: newId(),
    connectedAt: clock.next(),
    request: requestFacts(request),
  })

  const turnAway = (socket: Duplex, status: number, message: string, connectionId: string) => {
    counts.refused += 1
    refuse(socket, status, { message, connectionId, requestId: newId() })
  }

  const shake = async (handshake: Handshake): Promise<void> => {
    const facts = newFacts(handshake.request)
    const admission = await admit(facts, {
      ...dispatch,
      identitySource: deps.identitySource,
      authorizerResultBytes: limits.authorizerResultBytes,
    })
    if (admission.kind === 'refused') {
      turnAway(handshake.socket, admission.status, 'Refused', facts.connectionId)
      return
    }
    // `$connect` has run: whoever does not become a connection now still gets its `$disconnect`.
    if (closing) turnAway(handshake.socket, 503, 'Service Unavailable', facts.connectionId)
    const socket = closing ? undefined : accept(handshake, admission.subprotocol)
    if (socket === undefined) farewells.say(admission.facts, endings.lost)
    else adopt(admission.facts, socket)
  }

  const refusalOf = (request: IncomingMessage): number | undefined => {
    if (closing) return 503
    const { path } = splitTarget(request.url ?? '')
    if (path !== `/${stage}` && path !== `/${stage}/`) return 403
    const bad = badHandshake(request)
    if (bad !== undefined) return bad
    if (handshakes.waiting() >= limits.handshakesWaiting) return 429
    return connects.take() && requests.take() ? undefined : 429
  }

  const management = createManagement({
    ...{ stage, accessKeyId: deps.accessKeyId, limits, faults, requests },
    find: (id) => connections.get(id),
    onPost: (outcome: PostOutcome) => {
      counts.posts += 1
      if (outcome === 'gone') counts.postsGone += 1
      if (outcome === 'limited') counts.postsLimited += 1
    },
  })

  return {
    handleUpgrade(request, socket, head) {
      // A client may vanish at any moment of the handshake: without a listener that ends us.
      socket.on('error', () => socket.destroy())
      const status = refusalOf(request)
      const fail = () => turnAway(socket, 500, 'Internal server error', newId())
      if (status === undefined)
        track(handshakes.run(() => shake({ request, socket, head })).catch(fail))
      else turnAway(socket, status, 'Refused', newId())
    },
    handleManagement(request, response) {
      management(request, response).catch(() => response.destroy())
    },
    faults,
    get stats() {
      return { ...counts, connections: connections.size, lastConnectedAt: clock.last() }
    },
    async close() {
      closing = true
      for (const connection of open) connection.end(endings.goingAway)
      farewells.hurry()
      await Promise.all([...open].map(({ closed }) => closed))
      while (running.size > 0) {
        await Promise.all(running)
        farewells.hurry()
      }
      closed = true
    },
  }
}
