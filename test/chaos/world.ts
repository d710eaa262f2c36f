import { newAgentToken } from '../../functions/relay/publishing/agent-token.ts'
import { createRelay } from '../../functions/relay/create-relay.ts'
import type { Ports } from '../../functions/relay/ports.ts'
import { parseItem } from '../../functions/relay/table/read-item.ts'
import { stateItemSchema, type StateItem } from '../../functions/relay/publishing/state-item.ts'
import type { Item, Table } from '../../functions/relay/table/table.ts'
import { AgentHost } from './agent-host.ts'
import { createFaults, type Leaving } from './faults.ts'
import type { Gateway, MakeGateway } from './gateway.ts'
import { minute, second, type Ground } from './ground.ts'
import { HistoryOracle } from './history-oracle.ts'
import { createHttp } from './http.ts'
import { createInvocations, type Invocations } from './invocations.ts'
import { createLoop } from './loop.ts'
import { Machine } from './machine.ts'
import type { Mutation } from './mutations.ts'
import { createOctoPrint, type OctoPrint } from './octoprint.ts'
import { createOperator, type Operator } from './operator.ts'
import { observed } from './observed-table.ts'
import { Oracle } from './oracle.ts'
import { randomOf, type Random } from './random.ts'
import type { MakeStore, Store } from './store.ts'
import { createTrace, type Trace } from './trace.ts'
import { GuestOracle } from './guest-oracle.ts'
import { GuestSeat } from './guest-seat.ts'
import { anOffer, newShareOf, owner, type Guest } from './links.ts'
import { PersonSeat } from './person-seat.ts'
import type { Seat } from './seat.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { ViewerDevice } from './viewer-device.ts'

export interface RunOptions {
  readonly seed: number
  readonly intensity: number
  /** How long faults happen, virtual minutes; by the seed when undefined. */
  readonly minutes: number | undefined
  readonly leaving: Leaving
  readonly mutation: Mutation | undefined
  /** What keeps the tables: the run is the same over each. */
  readonly store: MakeStore
  readonly gateway: MakeGateway
}

export interface Violation {
  readonly property: string
  readonly detail: string
  readonly at: number
}

export interface World {
  readonly ground: Ground
  readonly trace: Trace
  readonly oracle: Oracle
  readonly history: HistoryOracle
  readonly store: Store
  /** What the table `live` holds, as its writes told. */
  readonly live: ReadonlyMap<string, Item>
  readonly gateway: Gateway
  readonly invocations: Invocations
  readonly operator: Operator
  readonly printers: readonly string[]
  readonly octoprints: ReadonlyMap<string, OctoPrint>
  readonly hosts: AgentHost[]
  readonly devices: readonly ViewerDevice[]
  /** One of the devices, in some runs. */
  readonly guest: Guest | undefined
  readonly clock: { skew: number }
  readonly now: () => number
  readonly violation: () => Violation | undefined
  readonly stateOf: (printerId: string) => StateItem | undefined
  readonly newHost: (printerId: string, token: string, name: string) => AgentHost
  /** A run of hours, for what only time brings. */
  readonly long: boolean
  readonly activeMs: number
}

const epoch = 1_800_000_000_000
const noRule = { emails: [], domains: [], group: undefined } as const

/** Everything of one run, from its seed. */
export const makeWorld = async (options: RunOptions): Promise<World> => {
  const { seed, mutation } = options
  const trace = createTrace()
  let violation: Violation | undefined
  const violated = (property: string, detail: string) => {
    violation ??= { property, detail, at: loop.now() }
    trace.add(loop.now(), `VIOLATED: ${property}: ${detail}`)
    loop.stop()
  }
  const loop = createLoop(randomOf(seed, 'ties'), trace, (error) =>
    violated(
      'nothing throws',
      error instanceof Error ? (error.stack ?? String(error)) : String(error),
    ),
  )
  const { intensity, leaving } = options
  const which = { leaving, only: mutation?.only }
  const faults = createFaults(seed, intensity, which, () => loop.now())
  const random = randomOf(seed, 'world')
  const ground: Ground = {
    ...{ loop, faults, epoch, random, violated },
    note: (line) => trace.add(loop.now(), line),
  }
  const oracle = new Oracle(ground)
  const history = new HistoryOracle(ground)
  const guests = new GuestOracle(ground)
  const clock = { skew: 0 }
  const now = () => Math.floor(epoch + loop.now() + clock.skew)
  const long = options.minutes === undefined && random.chance(0.04)
  const activeMs = (options.minutes ?? (long ? 128 : random.between(2, 7))) * minute

  // --- The relay
  const store = await options.store((work) => loop.outside(work))
  const live = new Map<string, Item>()
  const state = (item: Item | undefined) => item && parseItem(stateItemSchema, item)
  const states = new Map<string, StateItem>()
  const observedLive = observed(store.live, (before, after) => {
    const item = before ?? after
    if (!item) return
    if (after) live.set(`${item.pk} ${item.sk}`, after)
    else live.delete(`${item.pk} ${item.sk}`)
    if (item.sk !== 'STATE') return
    const printerId = item.pk.slice(2)
    const [was, is] = [states.get(printerId), state(after)]
    if (is) states.set(printerId, is)
    else states.delete(printerId)
    if (is) oracle.wroteState(printerId, was, is)
  })
  const observedDirectory = observed(store.directory, (before, after) => {
    if (after?.pk.startsWith('E#')) oracle.wroteEvent(before, after)
    if (after?.pk.startsWith('T#')) history.wrote(before, after)
  })
  const gateway = options.gateway({
    ground,
    invocations: () => invocations,
    watching: {
      frameLeft: (connection, text) => {
        oracle.frameLeft(connection, text)
        history.frameLeft(connection, text)
      },
      posted: (connection, text) => {
        oracle.posted(connection, text)
        guests.posted(connection, text)
        history.posted(connection, text)
      },
    },
    now: () => epoch + Math.floor(loop.now()),
  })
  const invocations = createInvocations({
    ...{ ground, now, live: observedLive, directory: observedDirectory },
    sender: (turn) => gateway.sender(turn),
    variant: mutation?.variant ?? {},
    origins: [],
  })
  const http = createHttp({
    ...{ ground, now, invocations: () => invocations },
    answered: (who, path, status) => oracle.answered(who, path, status),
    guestAnswered: (hash, path, status, body) => guests.answered(hash, path, status, body),
  })

  // --- What there is
  const printers = random.chance(0.35) ? ['printer-1', 'printer-2'] : ['printer-1']
  const subs = ['owner', 'guest-1', 'guest-2', 'guest-1'].slice(
    0,
    1 + Math.floor(random.next() * 4),
  )
  const setUp = createRelay(quietPorts(store, now, random.bytes), {
    origins: [],
    admission: noRule,
  })
  await setUp.provisionSite({ siteId: 'site-1', name: 'Home', owner: 'user:owner' })
  const tokens = new Map<string, string>()
  for (const printerId of printers) {
    const { token, hash } = newAgentToken(printerId, random.bytes)
    tokens.set(printerId, token)
    await setUp.provisionPrinter({ siteId: 'site-1', printerId, name: printerId, tokenHash: hash })
    for (const sub of new Set(subs.slice(1)))
      await grantOnPrinter(setUp.ports, printerId, `user:${sub}`)
  }
  const machine = (name: string) =>
    new Machine(loop, name, {
      epoch,
      // Some clocks are wrong by hours from the start.
      wallOffset: random.chance(0.3) ? random.between(-12, 12) * 60 * minute : 0,
      uptime: random.between(1, 1e9),
    })
  const octoprints = new Map(
    printers.map((id, i) => {
      const jobMs = random.between(1, 4) * minute
      return [id, createOctoPrint(ground, seed + i, jobMs)] as const
    }),
  )
  const pace = long ? 15 : random.pick([1, 1, 2, 5])
  const intervals = {
    status: Math.min(60, 5 * pace) * second,
    temperature: 2 * pace * second,
    progress: pace * second,
  }
  const lowerAfter = random.pick([5, 20, 60]) * second
  const newHost = (printerId: string, token: string, name: string) =>
    new AgentHost(
      {
        ...{ ground, seed, name, printerId, gateway, intervals, lowerAfter },
        machine: machine(name),
        octoprint: octoprints.get(printerId) as OctoPrint,
        historyKept: (text) => history.kept(name, printerId, text),
        tamper: mutation?.agentSays,
      },
      token,
    )
  const hosts = printers.map((id) => newHost(id, tokens.get(id) ?? '', `agent of ${id}`))
  const deviceOf = (seat: (signInMs: number) => Seat, i: number) => {
    const at = machine(`device ${i + 1}`)
    return new ViewerDevice({
      ...{ ground, seed, gateway, fetch: http, name: `viewer ${i + 1}`, machine: at },
      seat: seat(random.between(5, 90) * minute),
      shows: (page, view) => oracle.shows(page, view),
      tells: (page, event) => oracle.tells(page, event),
      tamper: mutation?.viewerHears,
    })
  }
  const persons = subs.map((sub, i) => deviceOf((ms) => new PersonSeat(sub, ms, now), i))
  const makeGuest = async (draws: Random): Promise<Guest> => {
    const offer = anOffer(draws, printers)
    const link = { ...(await setUp.makeShare(owner, 'site-1', newShareOf(offer))), ...offer }
    guests.made(link)
    const seat = new GuestSeat(link)
    return { device: deviceOf(() => seat, persons.length), seat, random: draws }
  }
  // A stream of its own: a run without a guest is what it was.
  const ofGuest = randomOf(seed, 'guest')
  const guest = ofGuest.chance(0.35) ? await makeGuest(ofGuest) : undefined
  const devices = persons.concat(guest?.device ?? [])
  const stateOf = (printerId: string) => states.get(printerId)
  const operator = createOperator(
    ground,
    invocations,
    { oracle, guests },
    new Map(printers.map((id) => [id, 1])),
  )
  return {
    ...{
      ground,
      trace,
      oracle,
      history,
      store,
      live,
      gateway,
      invocations,
      operator,
      printers,
      octoprints,
      hosts,
    },
    ...{ devices, guest, clock, now, stateOf, newHost, long, activeMs },
    violation: () => violation,
  }
}

/** For setting up, before time begins: nothing waits, nothing fails. */
const quietPorts = (
  { live, directory }: Readonly<Record<'live' | 'directory', Table>>,
  now: () => number,
  randomBytes: (count: number) => Uint8Array,
): Ports => ({
  ...{ live, directory, now, randomBytes },
  sender: { send: async () => 'gone', close: async () => {}, isOpen: async () => false },
  invokeBroadcast: async () => {},
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  metrics: { count: () => {}, observe: () => {} },
})
