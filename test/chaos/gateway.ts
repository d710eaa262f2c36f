import type { Ended } from '../../agent/uplink/dial.ts'
import { generationOf } from '../../protocol/generation.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { subprotocol } from '../../protocol/version.ts'
import { gatewayHandlers } from '../../local/run/entries.ts'
import type { PostOutcome, Sender } from '../../functions/relay/ports.ts'
import type { AuthorizerEvent } from '../../functions/handlers/authorizer.ts'
import { minute, second, type Ground } from './ground.ts'
import type { Ending, Invocations, Turn } from './invocations.ts'

/** What the other end of a connection hears, each in its own time; nothing after `ended`. */
export interface ClientEnd {
  readonly name: string
  opened(connection: Connection): void
  said(text: string): void
  ended(how: Ended): void
}

/** The client's handle. */
export interface Socket {
  send(text: string): void
  /** Also what a machine does for a process that was killed. `ended` does not follow. */
  end(): void
}

export interface Handshake {
  readonly authorization?: string
  readonly ticket?: string
}

export interface Connection {
  readonly id: string
  readonly connectedAt: number
  readonly gen: string
  readonly context: Readonly<Record<string, string>>
  readonly principal: string
  readonly kind: 'agent' | 'viewer'
  /** The gateway holds it. */
  open: boolean
  /** Packets vanish both ways; neither end is told. */
  silent: boolean
  /** `$disconnect` was called and ran to its end. */
  disconnectDone: boolean
  endedAt: number
}

export interface Watching {
  /** A frame leaves its sender, before anything can befall it. */
  frameLeft(connection: Connection, text: string): void
  /** The gateway takes a post for delivery. */
  posted(connection: Connection, text: string): void
}

interface Held extends Connection {
  readonly end: ClientEnd
  /** The client was told, or told us, that it is over. */
  clientOver: boolean
  lastData: number
  /** Takes back the end by age. */
  staysYoung: () => void
  upFree: number
  downFree: number
}

export interface Gateway {
  dial(handshake: Handshake, end: ClientEnd): Socket
  sender(turn: Turn): Sender
  /** Ends it from the gateway's side. */
  cut(connection: Connection): void
  /** From now on nothing gets through, and nobody knows. */
  silence(connection: Connection): void
  /** Everything is cut, no `$disconnect` is called. */
  die(): void
  readonly connections: ReadonlyMap<string, Connection>
  readonly dialled: number
  /** The run is over: lets go of what is real. */
  close(): void
}

export interface GatewayDeps {
  readonly ground: Ground
  readonly invocations: () => Invocations
  readonly watching: Watching
  /** The gateway's clock, ms since 1970. */
  readonly now: () => number
  /** The relay's own when nothing else is said. */
  readonly handlers?: typeof gatewayHandlers
}

/** Makes the gateway of one run. */
export type MakeGateway = (deps: GatewayDeps) => Gateway

const errorFrame = (connectionId: string) =>
  JSON.stringify({ message: 'Internal server error', connectionId, requestId: 'by-the-gateway' })

/** The gateway's rules in virtual time: concurrent dispatch, limits, and whatever can go wrong. */
export const createGateway = (deps: GatewayDeps): Gateway => {
  const { ground, watching, handlers = gatewayHandlers } = deps
  const { loop, faults, random } = ground
  const open = new Map<string, Held>()
  let count = 0
  let requests = 0
  let lastConnectedAt = 0

  const eventOf = (held: Connection, body?: string, disconnectStatusCode?: number) => ({
    requestContext: {
      connectionId: held.id,
      connectedAt: held.connectedAt,
      requestId: `r${++requests}`,
      authorizer: held.context,
      ...(disconnectStatusCode !== undefined && { disconnectStatusCode }),
    },
    headers: { 'Sec-WebSocket-Protocol': subprotocol },
    ...(body !== undefined && { body }),
  })
  type Route = (event: unknown) => Promise<unknown>
  const call = (
    label: string,
    route: string,
    event: unknown,
    ended: (how: Ending<unknown>) => void,
  ) =>
    deps
      .invocations()
      .invoke(label, (relay) => (handlers(relay).routes[route] as unknown as Route)(event), ended)

  // --- Downwards
  const toClient = (held: Held, label: string, run: () => void, late = 0) => {
    const at = Math.max(held.downFree, loop.now() + random.between(3, 40)) + 0.01
    if (late === 0) held.downFree = at
    loop.after(at + late - loop.now(), label, () => {
      if (!held.silent && !held.clientOver) run()
    })
  }
  const tellEnded = (held: Held, how: Ended) => {
    const tell = () => {
      if (held.clientOver) return
      held.clientOver = true
      held.end.ended(how)
    }
    if (held.silent) {
      // Only the machine's own patience with the network ends it.
      loop.after(random.between(0.5, 15) * minute, `${held.id} is given up`, tell)
    } else toClient(held, `${held.id} ends`, tell)
  }
  const deliver = (held: Held, text: string) => {
    watching.posted(held, text)
    const say = () => held.end.said(text)
    const label = `${held.end.name} gets ${labelOf(text)}`
    if (faults.happens('frame out lost')) return ground.note(`lost: ${label}`)
    const late = faults.happens('frame out late')
      ? faults.random('frame out late').between(50, 5 * second)
      : 0
    toClient(held, label, say, late)
    if (faults.happens('frame out repeated'))
      toClient(held, `${label} again`, say, faults.random('frame out repeated').between(0, 3000))
  }

  // --- The end
  const disconnect = (held: Held, code: number) => {
    if (faults.happens('disconnect lost')) return ground.note(`$disconnect of ${held.id} is lost`)
    const late = faults.happens('disconnect late')
      ? faults.random('disconnect late').between(1, 120) * second
      : 0
    loop.after(random.between(5, 200) + late, `$disconnect ${held.id}`, () =>
      call(`$disconnect ${held.id}`, '$disconnect', eventOf(held, undefined, code), ({ kind }) => {
        held.disconnectDone = kind === 'done'
      }),
    )
  }
  const close = (held: Held, how: Ended & { kind: 'closed' }, code = how.code) => {
    if (!held.open) return
    held.open = false
    held.endedAt = loop.now()
    open.delete(held.id)
    held.staysYoung()
    ground.note(`${held.id} is closed`)
    tellEnded(held, how)
    disconnect(held, code)
  }
  const watchLimits = (held: Held) => {
    held.staysYoung = loop.after(timeOuts.connectionLife, `${held.id} is two hours old`, () =>
      close(held, { kind: 'closed', code: 1001 }),
    )
    const idle = () => {
      if (!held.open) return
      const left = held.lastData + timeOuts.connectionIdle - loop.now()
      if (left <= 0) close(held, { kind: 'closed', code: 1001 })
      else loop.after(left + 1, `${held.id} idle?`, idle)
    }
    idle()
  }

  // --- Upwards
  const dispatch = (held: Held, text: string) => {
    const { action } = JSON.parse(text) as { action: string }
    const label = `${action} of ${held.id} (${held.end.name})`
    loop.after(random.between(1, 30), `dispatch ${label}`, () =>
      call(label, action, eventOf(held, text), ({ kind }) => {
        if (kind !== 'done' && held.open) deliver(held, errorFrame(held.id))
      }),
    )
  }
  const arrives = (held: Held, text: string) => {
    if (!held.open || held.silent) return
    held.lastData = loop.now()
    if (faults.happens('frame in lost')) return ground.note(`lost: ${labelOf(text)} of ${held.id}`)
    if (faults.happens('frame in late'))
      loop.after(
        faults.random('frame in late').between(50, 5 * second),
        `${labelOf(text)} of ${held.id} comes late`,
        () => dispatch(held, text),
      )
    else dispatch(held, text)
    if (faults.happens('frame in repeated'))
      loop.after(
        faults.random('frame in repeated').between(0, 3 * second),
        `${labelOf(text)} of ${held.id} comes again`,
        () => dispatch(held, text),
      )
  }
  const send = (held: Held, text: string) => {
    if (held.clientOver) return
    watching.frameLeft(held, text)
    const at = Math.max(held.upFree, loop.now() + random.between(3, 40)) + 0.01
    held.upFree = at
    loop.after(at - loop.now(), `${held.end.name} says ${labelOf(text)}`, () => arrives(held, text))
  }

  // --- The handshake
  const admit = (id: string, context: Record<string, string>, end: ClientEnd): Held => {
    lastConnectedAt = Math.max(lastConnectedAt + 1, deps.now())
    const connectedAt = lastConnectedAt
    return {
      ...{ id, connectedAt, gen: generationOf(connectedAt, id), context, end },
      principal: context['principal'] ?? '',
      kind: context['kind'] === 'agent' ? 'agent' : 'viewer',
      ...{ open: false, silent: false, disconnectDone: false, clientOver: false },
      ...{ lastData: loop.now(), upFree: 0, downFree: 0, endedAt: 0, staysYoung: () => {} },
    }
  }
  const dial: Gateway['dial'] = (handshake, end) => {
    const id = `c${++count}`
    let held: Held | undefined
    let over = false
    const refuse = (how: Ended) => {
      if (over) return
      over = true
      loop.after(random.between(3, 40), `${id} is refused`, () => end.ended(how))
    }
    const connected = (made: Held) => {
      // Whoever hung up meanwhile has a connection all the same, for a moment.
      made.open = true
      made.lastData = loop.now()
      open.set(id, made)
      held = made
      watchLimits(made)
      if (over) return close(made, { kind: 'closed', code: 1006 })
      toClient(made, `${id} opens for ${end.name}`, () => end.opened(made))
    }
    const connect = (context: Record<string, string>) => {
      const made = admit(id, context, end)
      call(`$connect ${id}`, '$connect', eventOf(made), (how) => {
        const status = how.kind === 'done' ? statusOf(how.value) : how.kind === 'threw' ? 502 : 504
        if (status === 200) connected(made)
        else refuse({ kind: 'refused', status })
      })
    }
    const authorize = () => {
      if (faults.happens('dial refused'))
        return refuse(
          faults.random('dial refused').chance(0.5)
            ? { kind: 'failed', code: 'ECONNREFUSED' }
            : { kind: 'refused', status: 429 },
        )
      const event: AuthorizerEvent = {
        methodArn: 'arn:in-process',
        headers: handshake.authorization ? { authorization: handshake.authorization } : {},
        queryStringParameters: handshake.ticket ? { ticket: handshake.ticket } : {},
        requestContext: { connectionId: id, connectedAt: 0, requestId: `r${++requests}` },
      }
      deps.invocations().invoke(
        `authorize ${id} (${end.name})`,
        (relay) => (handlers(relay).authorizer as unknown as Route)(event),
        (how) => {
          if (how.kind === 'threw' && String(how.error).includes('Unauthorized'))
            return refuse({ kind: 'refused', status: 401 })
          const context = how.kind === 'done' ? contextOf(how.value) : undefined
          if (context) connect(context)
          else refuse({ kind: 'refused', status: how.kind === 'done' ? 403 : 500 })
        },
      )
    }
    loop.after(random.between(5, 60), `${end.name} dials ${id}`, authorize)
    return {
      send: (text) => held && send(held, text),
      end: () => {
        over = true
        const made = held
        if (!made || made.clientOver) return
        made.clientOver = true
        if (made.silent) return
        loop.after(random.between(3, 40), `${end.name} ends ${id}`, () =>
          close(made, { kind: 'closed', code: 1000 }),
        )
      },
    }
  }

  const sender: Gateway['sender'] = (turn) => ({
    send: async (to, text) => {
      const label = `post ${labelOf(text)} to ${to}`
      await turn(label, random.between(1, 8))
      const held = open.get(to)
      if (!held) return 'gone'
      const fault = postFault()
      if (fault === undefined) {
        held.lastData = loop.now()
        deliver(held, text)
        return 'sent'
      }
      ground.note(`${label}: ${fault.outcome}`)
      if (fault.arrives) deliver(held, text)
      if (fault.hangs) await turn(`${label} hangs`, timeOuts.post)
      return fault.outcome
    },
    close: async (to) => {
      await turn(`close ${to}`, random.between(1, 8))
      const held = open.get(to)
      if (!held) return
      if (faults.happens('post failed')) throw new InjectedFault(`close ${to} failed`)
      // The event says what AWS says; what the client hears is not documented.
      close(held, { kind: 'closed', code: 1005 }, 1000)
    },
    isOpen: async (id) => {
      const label = `ask for ${id}`
      await turn(label, random.between(1, 8))
      const fault = postFault()
      if (fault?.hangs) await turn(`${label} hangs`, timeOuts.post)
      return fault ? fault.outcome !== 'gone' : open.has(id)
    },
  })
  const postFault = (): { outcome: PostOutcome; arrives: boolean; hangs: boolean } | undefined => {
    if (faults.happens('post throttled'))
      return { outcome: 'throttled', arrives: false, hangs: false }
    if (faults.happens('post failed')) return { outcome: 'failed', arrives: false, hangs: false }
    if (faults.happens('post failed but arrived'))
      return { outcome: 'failed', arrives: true, hangs: false }
    if (faults.happens('post hangs')) return { outcome: 'failed', arrives: false, hangs: true }
    if (faults.happens('post gone by mistake'))
      return { outcome: 'gone', arrives: false, hangs: false }
    return undefined
  }
  const heldOf = (connection: Connection) => open.get(connection.id)
  return {
    dial,
    sender,
    cut: (connection) => {
      const held = heldOf(connection)
      if (held) close(held, { kind: 'closed', code: 1006 })
    },
    silence: (connection) => {
      const held = heldOf(connection)
      if (!held) return
      held.silent = true
      loop.after(random.between(0.5, 12) * minute, `${held.id} is given up by the gateway`, () =>
        close(held, { kind: 'closed', code: 1006 }),
      )
    },
    die: () => {
      for (const held of [...open.values()]) {
        held.open = false
        held.endedAt = loop.now()
        open.delete(held.id)
        held.staysYoung()
        tellEnded(held, { kind: 'closed', code: 1006 })
      }
    },
    connections: open,
    get dialled() {
      return count
    },
    close: () => {},
  }
}

/** What a management call came to by a fault of the run. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault'
  readonly code = 'injected'
}

/** What a trace calls a frame. */
export const labelOf = (text: string): string => {
  const frame = JSON.parse(text) as Record<string, string | number | undefined>
  const name = frame['action'] ?? frame['kind'] ?? frame['type'] ?? 'an error of the gateway'
  return `${name} ${frame['seq'] ?? frame['rid'] ?? frame['n'] ?? ''}`
}

const statusOf = (answer: unknown): number => (answer as { statusCode: number }).statusCode

const contextOf = (answer: unknown): Record<string, string> | undefined => {
  const { context, policyDocument } = answer as {
    context?: Record<string, string>
    policyDocument: { Statement: readonly { Effect: string }[] }
  }
  return policyDocument.Statement[0]?.Effect === 'Allow' ? context : undefined
}
