import { generationOf } from '../../protocol/generation.ts'
import type { Hello } from '../../protocol/hello.ts'
import type { Publish } from '../../protocol/publish.ts'
import { emptyState, type PrinterState } from '../../protocol/printer-state.ts'
import { relayToAgent, type RelayToAgent } from '../../protocol/relay-to-agent.ts'
import { relayToViewer, type RelayToViewer } from '../../protocol/relay-to-viewer.ts'
import { newAgentToken } from '../../functions/relay/publishing/agent-token.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import { createRelay, type Relay } from '../../functions/relay/create-relay.ts'
import { broadcast } from '../../functions/relay/watching/fan-out.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import type { LogFields, Ports, PostOutcome } from '../../functions/relay/ports.ts'
import { sha256 } from '../../functions/relay/hash.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import type { Table } from '../../functions/relay/table/table.ts'

export const printerId = 'printer-1'
export const siteId = 'site-1'
export const owner = 'user:owner'
export const guest = 'user:guest'
/** Far in the future of every test's clock. */
export const lastsLong = 4_000_000_000_000

/** A gateway, two tables and a clock of one's own: the relay's whole world in a test. */
export interface World {
  readonly relay: Relay
  readonly ports: Ports
  readonly clock: { now: number }
  readonly logged: {
    readonly level: string
    readonly fields: LogFields
    readonly message: string
  }[]
  readonly counted: Map<string, number>
  /** Every post that arrived, in order, with the time. */
  readonly posts: Posted[]
  /** Connections that are open at the gateway. */
  readonly open: Set<string>
  /** What the next posts to a connection come to, instead of arriving. */
  readonly faults: Map<string, PostOutcome>
  /** Lets a connection be opened, known to gateway and relay. */
  agent(connectionId: string, connectedAt: number, tok?: number): Promise<Caller>
  viewer(connectionId: string, who?: string, until?: number): Promise<Caller>
  said(caller: Caller, frame: object): Promise<void>
  toAgent(connectionId: string): RelayToAgent[]
  toViewer(connectionId: string): RelayToViewer[]
}

export interface Posted {
  readonly to: string
  readonly at: number
  readonly text: string
}

export interface WorldOptions {
  readonly live?: Table
  readonly directory?: Table
  /** Puts something between the relay and its tables. */
  readonly through?: (table: Table) => Table
  readonly start?: number
}

export const startOfTime = 1_800_000_000_000

export const makeWorld = async (options: WorldOptions = {}): Promise<World> => {
  const { live = memoryTable(), directory = memoryTable(), through = (table) => table } = options
  const clock = { now: options.start ?? startOfTime }
  const logged: World['logged'] = []
  const log =
    (level: string) =>
    (fields: LogFields, message: string): void => {
      logged.push({ level, fields, message })
    }
  const posts: Posted[] = []
  const open = new Set<string>()
  const faults = new Map<string, PostOutcome>()
  const counted = new Map<string, number>()
  let random = 0
  const ports: Ports = {
    live: through(live),
    directory: through(directory),
    sender: {
      send: async (to, text) => {
        if (!open.has(to)) return 'gone'
        const fault = faults.get(to)
        if (fault !== undefined) return fault
        posts.push({ to, at: clock.now, text })
        return 'sent'
      },
      close: async (to) => {
        open.delete(to)
      },
      isOpen: async (to) => open.has(to),
    },
    now: () => clock.now,
    randomBytes: (count) => {
      random += 1
      return Buffer.from(sha256(String(random)), 'hex').subarray(0, count)
    },
    invokeBroadcast: (batch) => broadcast(ports, batch),
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    metrics: {
      count: (name, n = 1, label) => {
        const key = label === undefined ? name : `${name}{${label}}`
        counted.set(key, (counted.get(key) ?? 0) + n)
      },
      observe: () => {},
    },
  }
  const relay = createRelay(ports, {
    origins: ['https://viewer.example'],
    admission: { emails: [], domains: [], group: undefined },
  })
  // Set up past whatever stands between.
  const setUp = createRelay({ ...ports, live, directory }, { origins: [], admission: noRule })
  await setUp.provisionSite({ siteId, name: 'Home', owner })
  const { hash } = newAgentToken(printerId, ports.randomBytes)
  await setUp.provisionPrinter({ siteId, printerId, name: 'Voron', tokenHash: hash })
  await grantOnPrinter(setUp.ports, printerId, guest)

  const known = async (caller: Caller): Promise<Caller> => {
    open.add(caller.connectionId)
    await setUp.connected(caller)
    return caller
  }
  const said: World['said'] = (caller, frame) => relay.said(caller, JSON.stringify(frame))
  const to = (connectionId: string) =>
    posts.filter((post) => post.to === connectionId).map(({ text }): unknown => JSON.parse(text))
  return {
    relay,
    ports,
    clock,
    logged,
    counted,
    posts,
    open,
    faults,
    agent: (connectionId, connectedAt, tok = 1) =>
      known({
        ...{ connectionId, connectedAt, tok, requestId: `of-${connectionId}`, kind: 'agent' },
        ...{ principal: `agent:${printerId}`, until: lastsLong, signedAt: undefined },
      }),
    viewer: (connectionId, who = owner, until = lastsLong) =>
      known({
        ...{ connectionId, connectedAt: clock.now, tok: undefined, kind: 'viewer' },
        ...{ requestId: `of-${connectionId}`, principal: who, until, signedAt: clock.now },
      }),
    said,
    toAgent: (connectionId) => to(connectionId).map((frame) => relayToAgent.parse(frame)),
    toViewer: (connectionId) => to(connectionId).map((frame) => relayToViewer.parse(frame)),
  }
}

const noRule = { emails: [], domains: [], group: undefined } as const

export const genOf = ({ connectedAt, connectionId }: Caller): string =>
  generationOf(connectedAt, connectionId)

/** A state told apart from others by one number. */
export const stateOf = (completion: number): PrinterState => ({
  ...emptyState,
  progress: { completion },
})

export const helloOf = (seq: number, more: Partial<Hello> = {}): Hello => ({
  action: 'hello',
  instance: 'instance-a',
  fresh: true,
  seq,
  version: '1',
  agentNow: 1000,
  interval: 30_000,
  state: stateOf(seq),
  ...more,
})

const publishing = { action: 'publish', mode: 'watched', interval: 30_000, agentNow: 2000 } as const

export const keyframeOf = (seq: number, more: Partial<Publish> = {}): Publish => ({
  ...publishing,
  seq,
  full: stateOf(seq),
  ...more,
})

/** A delta that moves the completion to its seq. */
export const deltaOf = (seq: number, k: number, more: Partial<Publish> = {}): Publish => ({
  ...publishing,
  seq,
  k,
  patch: { progress: { completion: seq } },
  ...more,
})

export const subscribeOf = (rid: number, id = printerId) =>
  ({ action: 'subscribe', printerId: id, rid }) as const
export const unsubscribeOf = (rid: number, id = printerId) =>
  ({ action: 'unsubscribe', printerId: id, rid }) as const
