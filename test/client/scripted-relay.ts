import type {
  ClientDeps,
  RequestLike,
  ResponseLike,
  SocketEvents,
  SocketLike,
} from '../../client/deps.ts'
import { createRelayClient, type RelayClient } from '../../client/relay-client.ts'
import type { RelayToViewer } from '../../protocol/relay-to-viewer.ts'
import type { Mode } from '../../protocol/mode.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { emptyState } from '../../protocol/printer-state.ts'
import { viewerToRelay, type ViewerToRelay } from '../../protocol/viewer-to-relay.ts'
import { virtualTime, type VirtualTime } from './virtual-time.ts'

/** The relay's end of one socket: what came, and a way to answer. */
export interface Peer {
  readonly url: string
  readonly subprotocol: string
  readonly got: ViewerToRelay[]
  /** What came since the last call. */
  fresh(): ViewerToRelay[]
  closed: boolean
  open(): void
  say(frame: RelayToViewer | string): void
  end(): void
}

/** `stalls`: status and headers come, the body never does. */
export type Answer =
  { status: number; body?: unknown; etag?: string; stalls?: boolean } | 'no answer'

export interface Asked extends RequestLike {
  readonly path: string
}

/** A relay in which a test writes each step itself, in virtual time. */
export interface ScriptedRelay {
  readonly time: VirtualTime
  readonly client: RelayClient
  readonly peers: Peer[]
  readonly asked: Asked[]
  readonly tokens: boolean[]
  /** The newest socket. */
  peer(): Peer
  /** Waits until the newest socket was dialled, opens it, and forgets what was sent before. */
  opened(): Promise<Peer>
  /** Opens the socket by itself and answers subscribes and pings like a healthy relay. */
  serve(peer: Peer, state?: PrinterState, over?: Partial<StandingParts>): void
  respond: (asked: Asked) => Answer
  token: (wish: { fresh: boolean }) => Promise<string>
}

interface StandingParts {
  gen: string
  seq: number
  k: number
  mode: Mode
  online: boolean
  interval: number
  relayAt: number
  ev: number
}

export const gen = (at: number, id = 'agent') => `${String(at).padStart(13, '0')}#${id}`

/** Header and signature do not matter: the client reads only when it runs out. */
export const jwt = (exp: number): string => `x.${btoa(JSON.stringify({ exp }))}.x`

const noEvents = { events: [], next: 0, head: 0, now: 0 }
const ticketBody = (n: number) => ({ ticket: String(n).padStart(43, 'T'), expiresIn: 60_000 })

export const scriptedRelay = (random: () => number = () => 0.5): ScriptedRelay => {
  const time = virtualTime()
  const peers: Peer[] = []
  const asked: Asked[] = []
  const tokens: boolean[] = []
  let tickets = 0
  const relay: ScriptedRelay = {
    time,
    peers,
    asked,
    tokens,
    respond: ({ path }) => {
      if (path === '/v1/tickets') return { status: 200, body: ticketBody(++tickets) }
      if (path.includes('/events')) return { status: 200, body: noEvents }
      const [, id] = /^\/v1\/printers\/([^/]+)$/.exec(path) ?? []
      if (id === undefined) return { status: 503 }
      // The way a relay knows a printer whose agent never spoke: its name, and the time.
      return { status: 200, body: { ...printerView(time, id), state: undefined } }
    },
    token: async () => 'opaque',
    peer: () => {
      const peer = peers.at(-1)
      if (!peer) throw new TypeError('nothing was dialled yet')
      return peer
    },
    opened: async () => {
      await time.pass(0)
      const peer = relay.peer()
      peer.open()
      await time.pass(0)
      return peer
    },
    serve: (peer, state = emptyState, over = {}) => serve(time, peer, state, over),
    client: undefined as unknown as RelayClient,
  }
  const deps: ClientDeps = {
    clock: time,
    random,
    config: { api: 'https://relay.test', socket: 'wss://relay.test/live' },
    token: (wish) => {
      tokens.push(wish.fresh)
      return relay.token(wish)
    },
    openSocket: (url, subprotocol) => {
      const { peer, socket } = pair(url, subprotocol)
      peers.push(peer)
      return socket
    },
    fetch: async (url, request) => {
      const ask = { ...request, path: url.replace('https://relay.test', '') }
      asked.push(ask)
      return toResponse(relay.respond(ask), request.signal)
    },
  }
  return Object.assign(relay, { client: createRelayClient(deps) })
}

/** A page that watches `p1` over an open link of a healthy relay. */
export const watching = async (relay: ScriptedRelay) => {
  relay.client.start()
  const watch = relay.client.watch('p1')
  await relay.time.pass(0)
  const peer = relay.peer()
  relay.serve(peer)
  peer.open()
  await relay.time.pass(0)
  peer.fresh()
  return { peer, watch }
}

const toResponse = (answer: Answer, signal: AbortSignal): Promise<ResponseLike> =>
  answer === 'no answer'
    ? new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new TypeError('aborted')))
      })
    : Promise.resolve({
        status: answer.status,
        headers: { get: (name) => (name === 'etag' ? (answer.etag ?? null) : null) },
        text: () =>
          answer.stalls
            ? new Promise(() => {})
            : Promise.resolve(JSON.stringify(answer.body ?? {})),
      })

const pair = (url: string, subprotocol: string): { peer: Peer; socket: SocketLike } => {
  let events: SocketEvents | undefined
  let read = 0
  const got: ViewerToRelay[] = []
  const peer: Peer = {
    url,
    subprotocol,
    got,
    closed: false,
    fresh: () => got.slice(read, (read = got.length)),
    open: () => events?.opened(),
    say: (frame) => events?.said(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    end: () => events?.ended(),
  }
  const socket: SocketLike = {
    listen: (given) => {
      events = given
    },
    // What a client says must fit the contract: a frame that does not fails the test here.
    send: (text) => {
      const frame = viewerToRelay.parse(JSON.parse(text))
      got.push(frame)
      serving.get(peer)?.(frame)
    },
    close: () => {
      peer.closed = true
    },
  }
  return { peer, socket }
}

const serving = new WeakMap<Peer, (frame: ViewerToRelay) => void>()

const serve = (
  time: VirtualTime,
  peer: Peer,
  state: PrinterState,
  over: Partial<StandingParts>,
): void => {
  serving.set(peer, (frame) => {
    if (frame.action === 'subscribe' || frame.action === 'sync')
      void Promise.resolve().then(() => {
        peer.say(snapshot(time, frame.printerId, state, over))
        if (frame.action === 'subscribe') {
          const { printerId, rid } = frame
          peer.say({ type: 'subscribed', printerId, rid, head: 0, now: time.now() })
        }
      })
    if (frame.action === 'ping')
      void Promise.resolve().then(() => peer.say({ type: 'pong', missing: [], now: time.now() }))
  })
}

const standing = (time: VirtualTime, over: Partial<StandingParts>) => ({
  gen: gen(1),
  seq: 1,
  k: 1,
  mode: 'watched' as const,
  interval: 30_000,
  online: true,
  relayAt: time.now(),
  agentNow: 5,
  ev: 0,
  ...over,
})

export const snapshot = (
  time: VirtualTime,
  printerId: string,
  full: PrinterState,
  over: Partial<StandingParts> = {},
): RelayToViewer => ({
  type: 'state',
  kind: 'snapshot',
  printerId,
  full,
  ...standing(time, over),
})

export const delta = (
  time: VirtualTime,
  printerId: string,
  completion: number,
  over: Partial<StandingParts> = {},
): RelayToViewer => ({
  type: 'state',
  kind: 'delta',
  printerId,
  patch: { progress: { completion } },
  ...standing(time, over),
})

export const printerView = (time: VirtualTime, id: string, over: Partial<StandingParts> = {}) => ({
  id,
  name: `Printer ${id}`,
  site: { id: 's', name: 'Home' },
  role: 'owner' as const,
  state: { ...standing(time, over), full: emptyState },
  now: time.now(),
})
