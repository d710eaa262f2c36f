import { setTimeout as pass } from 'node:timers/promises'
import type { Ended } from '../../agent/uplink/dial.ts'
import { gatewaySender } from '../../functions/aws/gateway-sender.ts'
import { socketRoutes } from '../../functions/routes.ts'
import type { AuthorizerEvent, WsEvent } from '../../local/gateway/events.ts'
import {
  createGateway as createEmulator,
  gatewayDefaults,
  type Gateway as Emulator,
} from '../../local/gateway/gateway.ts'
import type { GatewayHandlers } from '../../local/gateway/handlers.ts'
import { gatewayHandlers } from '../../local/run/entries.ts'
import { generationOf } from '../../protocol/generation.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { accessKeyId } from '../local/gateway/rig.ts'
import { clientSocket, type ClientSocket } from './client-socket.ts'
import { InjectedFault, labelOf, type ClientEnd, type Connection } from './gateway.ts'
import type { Gateway, GatewayDeps, MakeGateway } from './gateway.ts'
import { minute, second } from './ground.ts'
import type { Ending, Turn } from './invocations.ts'
import { switchesOf } from './socket-faults.ts'
import type { SocketServer } from './socket-server.ts'

// A run of the harness over the gateway of the one-machine run: real handshakes, frames, posts by the
// AWS SDK and ends, on loopback. Virtual time stands still while bytes are under way: each of them is
// waited for until the other side has it, so a seed does the same again.
//
// Covered here and not by the in-process gateway: the emulator's admission, routes, lanes, limits and
// ends, its own faults (lost, repeated, delayed, reordered frames, 410, 429, a handler that dies before
// or after its work, $disconnect lost or late), `ws` at both sides, the relay's adapter for posts.
// Not covered: the HTTP API and OctoPrint stay in-process; agent and client are given their frames by
// the harness, not by the socket code they ship with (test/agent/uplink, test/client have that); what
// takes long on a real network is played in virtual time before and after the socket; the traces are
// not those of the in-process gateway, since ids and the order of chance differ.

/** One process of the relay: what comes of it after its death is nobody's. */
interface Life {
  readonly emulator: Emulator
  dead: boolean
}

interface Held extends Connection {
  readonly end: ClientEnd
  readonly socket: ClientSocket
  readonly life: Life
  /** The client was told, or told us, that it is over. */
  clientOver: boolean
  upFree: number
  downFree: number
}

interface Dialling {
  readonly end: ClientEnd
  held: Held | undefined
  /** The client wants no more of it. */
  given: boolean
  socket: ClientSocket | undefined
  /** Called with each thing that happens to the handshake. */
  moved: () => void
}

const realPatience = 10 * second

/** What the emulator tells apart by: whether an authorizer said `Unauthorized`. */
const rejectionOf = (how: Exclude<Ending<unknown>, { kind: 'done' }>): Error =>
  how.kind === 'threw' && how.error instanceof Error ? how.error : new InjectedFault(how.kind)

/** The gateway of a run over the emulator: its rules, its lanes and its faults, on real sockets. */
export const socketGateway =
  (server: SocketServer): MakeGateway =>
  (deps) =>
    new SocketGateway(deps, server)

class SocketGateway implements Gateway {
  readonly #deps: GatewayDeps
  readonly #server: SocketServer
  readonly #open = new Map<string, Held>()
  readonly #dials = new Map<string, Dialling>()
  #life: Life
  dialled = 0

  constructor(deps: GatewayDeps, server: SocketServer) {
    this.#deps = deps
    this.#server = server
    this.#life = this.#born(0)
  }

  get connections(): ReadonlyMap<string, Connection> {
    return this.#open
  }

  // --- The relay's side
  #born(connectedAtFloor: number): Life {
    const { ground, now } = this.#deps
    const { loop, faults, random } = ground
    const emulator = createEmulator({
      ...gatewayDefaults(),
      ...{ stage: 'ws', accessKeyId, connectedAtFloor, now, faults: switchesOf(faults) },
      handlers: this.#handlers(() => life),
      timers: {
        after: (ms, run) =>
          loop.after(ms, 'a timer of the emulator', () => {
            if (life.dead) return
            run()
            this.#outside('a timer ran', () => this.#allFlushed())
          }),
      },
      randomBytes: (count) => Buffer.from(random.bytes(count)),
    })
    const life: Life = { emulator, dead: false }
    this.#server.use(emulator)
    return life
  }

  #handlers(life: () => Life): GatewayHandlers {
    const route = (name: string) => (event: WsEvent) => {
      const { connectionId, identity } = event.requestContext
      const dial = this.#dials.get(identity.userAgent ?? '')
      if (name === '$connect' && dial) this.#connects(life(), dial, event)
      const label = `${name} ${connectionId} (${dial?.end.name})`
      return this.#invoke(life(), label, dial, (handlers) => handlers.routes[name]?.(event))
    }
    return {
      authorizer: (event: AuthorizerEvent) => {
        const dial = this.#dials.get(event.requestContext.identity.userAgent ?? '')
        dial?.moved()
        const label = `authorize ${event.requestContext.identity.userAgent} (${dial?.end.name})`
        return this.#invoke(life(), label, dial, (handlers) => handlers.authorizer?.(event))
      },
      routes: Object.fromEntries(Object.keys(socketRoutes).map((name) => [name, route(name)])),
    }
  }

  /** Runs a handler in virtual time; the emulator waits for it as for a Lambda. */
  #invoke(
    life: Life,
    label: string,
    dial: Dialling | undefined,
    run: (handlers: GatewayHandlers) => Promise<unknown> | undefined,
  ): Promise<unknown> {
    const { handlers = gatewayHandlers } = this.#deps
    return new Promise((resolve, reject) => {
      if (life.dead) return
      this.#deps.invocations().invoke(
        label,
        async (relay) => run(handlers(relay)),
        (how) => {
          if (life.dead) return
          const held = dial?.held
          if (label.startsWith('$disconnect') && held) held.disconnectDone = how.kind === 'done'
          this.#outside(`answer of ${label}`, () => this.#answered(dial))
          if (how.kind === 'done') resolve(how.value)
          else reject(rejectionOf(how))
        },
      )
    })
  }

  /** What a handler's answer brings about: the next step of a handshake, or at most a frame. */
  async #answered(dial: Dialling | undefined): Promise<void> {
    if (!dial) return
    if (dial.held?.open) return dial.held.socket.flushed()
    if (dial.socket && !dial.socket.over) await this.#moves(dial)
  }

  #connects(life: Life, dial: Dialling, { requestContext }: WsEvent): void {
    const { connectionId: id, connectedAt, authorizer: context = {} } = requestContext
    const { socket } = dial
    if (!socket) return
    dial.held = {
      ...{ id, connectedAt, gen: generationOf(connectedAt, id), context, life, socket },
      end: dial.end,
      principal: context['principal'] ?? '',
      kind: context['kind'] === 'agent' ? 'agent' : 'viewer',
      ...{ open: false, silent: false, disconnectDone: false, clientOver: false },
      ...{ upFree: 0, downFree: 0, endedAt: 0 },
    }
    dial.moved()
  }

  // --- Waiting for what is real
  /** Virtual time stands still for it. What never comes breaks the run, not its patience. */
  #outside(what: string, work: () => Promise<unknown>): void {
    const { ground } = this.#deps
    const limit = new AbortController()
    const late = pass(realPatience, undefined, { signal: limit.signal }).then(
      () =>
        ground.violated('the sockets keep up', `waited ${realPatience / second} real s: ${what}`),
      () => {},
    )
    void ground.loop.outside(() => Promise.race([work(), late]).finally(() => limit.abort()))
  }

  #moves(dial: Dialling): Promise<void> {
    return new Promise((resolve) => {
      const before = dial.moved
      dial.moved = () => {
        before()
        resolve()
      }
    })
  }

  async #allFlushed(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ socket }) => socket.flushed()))
    await this.#counted()
  }

  /** Resolves when the emulator knows of every end. */
  async #counted(): Promise<void> {
    const { emulator } = this.#life
    while (emulator.stats.connections > this.#open.size)
      await new Promise((resolve) => setImmediate(resolve))
  }

  // --- Down to the client
  #tell(held: Held, label: string, run: () => void): void {
    const { loop, random } = this.#deps.ground
    const at = Math.max(held.downFree, loop.now() + random.between(3, 40)) + 0.01
    held.downFree = at
    loop.after(at - loop.now(), label, () => {
      if (!held.silent && !held.clientOver) run()
    })
  }

  #tellEnded(held: Held, how: Ended): void {
    const { loop, random } = this.#deps.ground
    const tell = () => {
      if (held.clientOver) return
      held.clientOver = true
      held.end.ended(how)
    }
    // Only the machine's own patience with the network ends what is silent.
    if (held.silent) loop.after(random.between(0.5, 15) * minute, `${held.id} is given up`, tell)
    else this.#tell(held, `${held.id} ends`, tell)
  }

  // --- The client's side
  dial: Gateway['dial'] = (handshake, end) => {
    const { loop, faults, random } = this.#deps.ground
    const name = `c${++this.dialled}`
    const dial: Dialling = {
      ...{ end, held: undefined, given: false, socket: undefined },
      moved: () => {},
    }
    this.#dials.set(name, dial)
    const ended = (how: Ended) => {
      dial.moved()
      const { held } = dial
      if (held?.open) return this.#over(held, how)
      if (dial.given) return
      dial.given = true
      loop.after(random.between(3, 40), `${name} is refused`, () => end.ended(how))
    }
    const opened = () => {
      const { held } = dial
      if (!held) return
      held.open = true
      this.#open.set(held.id, held)
      dial.moved()
      if (!dial.given) this.#tell(held, `${held.id} opens for ${end.name}`, () => end.opened(held))
    }
    const said = (text: string) => {
      const { held } = dial
      if (held && !held.silent)
        this.#tell(held, `${end.name} gets ${labelOf(text)}`, () => end.said(text))
    }
    loop.after(random.between(5, 60), `${end.name} dials ${name}`, () => {
      if (dial.given) return
      if (faults.happens('dial refused'))
        return ended(
          faults.random('dial refused').chance(0.5)
            ? { kind: 'failed', code: 'ECONNREFUSED' }
            : { kind: 'refused', status: 429 },
        )
      const { url } = this.#server
      dial.socket = clientSocket({ url, name, handshake, opened, said, ended })
      this.#outside(`${name} dials`, () => this.#moves(dial))
    })
    return {
      send: (text) => dial.held && this.#send(dial.held, text),
      end: () => {
        dial.given = true
        if (dial.held) dial.held.clientOver = true
        if (dial.held?.silent) return
        loop.after(random.between(3, 40), `${end.name} ends ${name}`, () => {
          const { socket, held } = dial
          if (!socket || socket.over) return
          if (held?.open) socket.close()
          else socket.cut()
          this.#outside(`${name} is ended`, () => this.#gone(socket))
        })
      },
    }
  }

  #send(held: Held, text: string): void {
    if (held.clientOver) return
    const { ground, watching } = this.#deps
    const { loop, random } = ground
    watching.frameLeft(held, text)
    const at = Math.max(held.upFree, loop.now() + random.between(3, 40)) + 0.01
    held.upFree = at
    loop.after(at - loop.now(), `${held.end.name} says ${labelOf(text)}`, () => {
      if (!held.open || held.silent) return
      held.socket.send(text)
      this.#outside(`${held.id} sends`, () => held.socket.flushed())
    })
  }

  /** The real socket of a connection has ended. */
  #over(held: Held, how: Ended): void {
    const { ground } = this.#deps
    held.open = false
    held.endedAt = ground.loop.now()
    this.#open.delete(held.id)
    ground.note(`${held.id} is closed`)
    this.#tellEnded(held, how)
    if (!held.life.dead) this.#outside(`the end of ${held.id}`, () => this.#counted())
  }

  async #gone(socket: ClientSocket): Promise<void> {
    await socket.flushed()
    await this.#counted()
  }

  sender(turn: Turn): ReturnType<Gateway['sender']> {
    const { ground, watching } = this.#deps
    const { loop, faults, random } = ground
    const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
    const management = gatewaySender({ client: this.#server.sdk, log: silent })
    const post = async (to: string, text: string) => {
      const held = this.#open.get(to)
      const outcome = await management.send(to, text)
      await held?.socket.flushed()
      if (held && outcome === 'sent') watching.posted(held, text)
      return outcome
    }
    return {
      send: async (to, text) => {
        const label = `post ${labelOf(text)} to ${to}`
        await turn(label, random.between(1, 8))
        if (faults.happens('post failed')) return 'failed'
        const lost = faults.happens('post failed but arrived')
        const hangs = !lost && faults.happens('post hangs')
        if (hangs) await turn(`${label} hangs`, timeOuts.post)
        const outcome = hangs ? 'failed' : await loop.outside(() => post(to, text))
        return lost ? 'failed' : outcome
      },
      close: async (to) => {
        await turn(`close ${to}`, random.between(1, 8))
        if (faults.happens('post failed')) throw new InjectedFault(`close ${to} failed`)
        const held = this.#open.get(to)
        await loop.outside(async () => {
          await management.close(to)
          if (held) await this.#gone(held.socket)
        })
      },
      isOpen: async (id) => {
        await turn(`ask for ${id}`, random.between(1, 8))
        return faults.happens('post failed') || loop.outside(() => management.isOpen(id))
      },
    }
  }

  // --- What befalls it
  cut(connection: Connection): void {
    const held = this.#open.get(connection.id)
    if (!held) return
    held.socket.cut()
    this.#outside(`${held.id} is cut`, () => this.#gone(held.socket))
  }

  silence(connection: Connection): void {
    const held = this.#open.get(connection.id)
    if (!held) return
    const { loop, random } = this.#deps.ground
    held.silent = true
    loop.after(random.between(0.5, 12) * minute, `${held.id} is given up by the gateway`, () =>
      this.cut(held),
    )
  }

  die(): void {
    this.#life.dead = true
    this.#life = this.#born(this.#life.emulator.stats.lastConnectedAt)
    this.#cutAll()
  }

  #cutAll(): void {
    for (const { socket } of [...this.#dials.values()]) {
      if (!socket || socket.over) continue
      socket.cut()
      this.#outside('the relay dies', () => socket.flushed())
    }
  }

  close(): void {
    this.#life.dead = true
    for (const { socket } of this.#dials.values()) socket?.cut()
  }
}
