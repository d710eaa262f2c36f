import { newAgentToken } from '../../functions/relay/publishing/agent-token.ts'
import { createRelay } from '../../functions/relay/create-relay.ts'
import { memoryTable, type MemoryTable } from '../../functions/relay/table/memory-table.ts'
import type { Ports } from '../../functions/relay/ports.ts'
import { AgentHost } from '../chaos/agent-host.ts'
import type { Faults } from '../chaos/faults.ts'
import { createGateway, type Gateway } from '../chaos/gateway.ts'
import { minute, second, type Ground } from '../chaos/ground.ts'
import { createHttp } from '../chaos/http.ts'
import { createInvocations, type Invocations } from '../chaos/invocations.ts'
import { createLoop } from '../chaos/loop.ts'
import { Machine } from '../chaos/machine.ts'
import { createOctoPrint } from '../chaos/octoprint.ts'
import { randomOf } from '../chaos/random.ts'
import type { Trace } from '../chaos/trace.ts'
import { PersonSeat } from '../chaos/person-seat.ts'
import { ViewerDevice } from '../chaos/viewer-device.ts'
import { earlierPrints } from './earlier-prints.ts'
import { mildFaults } from './mild-faults.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { Tally } from './tally.ts'

export interface SoakOptions {
  readonly seed: number
  /** Virtual hours in all; less than one is allowed. */
  readonly hours: number
  /**
   * How many of them are no part of the heap's trend: the engine compiles, and the lists of events
   * that wall screens hold fill up, which takes ten printers about twenty hours.
   */
  readonly warm: number
  readonly printers: number
  readonly viewers: number
}

export interface SoakWorld {
  readonly options: SoakOptions
  readonly ground: Ground
  readonly faults: Faults
  readonly live: MemoryTable
  readonly directory: MemoryTable
  readonly gateway: Gateway
  readonly invocations: Invocations
  readonly tally: Tally
  readonly printers: readonly string[]
  readonly hosts: readonly AgentHost[]
  readonly devices: readonly ViewerDevice[]
  /** The printers that each device may see. */
  readonly allowed: ReadonlyMap<ViewerDevice, readonly string[]>
  /** The relay's clock, ms since 1970. */
  readonly now: () => number
  readonly violations: string[]
}

const epoch = 1_800_000_000_000
const noRule = { emails: [], domains: [], group: undefined } as const
/** A trace of a day would outweigh all that is measured. */
const noTrace: Trace = { add: () => {}, hash: () => '', last: () => [], steps: () => 0 }
/** Each print of these takes about so long; the printers differ. Short, so that lists fill soon. */
const jobMs = [4, 7, 11, 18, 30].map((minutes) => minutes * minute)

const makeGround = (seed: number, violations: string[]): Ground => {
  const violated = (property: string, detail: string) => {
    if (violations.length < 20) violations.push(`${property}: ${detail}`)
  }
  const loop = createLoop(randomOf(seed, 'ties'), noTrace, (error) =>
    violated('nothing throws', error instanceof Error ? (error.stack ?? '') : String(error)),
  )
  const faults = mildFaults(seed)
  return { loop, faults, epoch, random: randomOf(seed, 'world'), violated, note: () => {} }
}

/** The printers, the relay and the people of one soak. */
export const makeSoakWorld = async (options: SoakOptions): Promise<SoakWorld> => {
  const { seed } = options
  const violations: string[] = []
  const ground = makeGround(seed, violations)
  const { loop, random } = ground
  const now = () => Math.floor(epoch + loop.now())
  const [live, directory, tally] = [memoryTable(), memoryTable(), new Tally()]
  const gateway = createGateway({
    ground,
    invocations: () => invocations,
    watching: {
      frameLeft: (connection) => tally.count(`frame of ${connection.kind}`),
      posted: (connection) => tally.count(`taken for ${connection.kind}`),
    },
    now,
  })
  const invocations = tally.around(
    createInvocations({
      ...{ ground, now, live, directory, variant: {}, origins: [] },
      sender: (turn) => tally.sender(gateway.sender(turn)),
    }),
  )
  const http = createHttp({
    ...{ ground, now, invocations: () => invocations },
    answered: (_who, _path, status) => tally.count(`http ${status}`),
    guestAnswered: (_hash, _path, status) => tally.count(`http ${status}`),
  })
  const machine = (name: string) =>
    new Machine(loop, name, { epoch, wallOffset: 0, uptime: random.between(1, 1e9) })

  const quiet = quietPorts(live, directory, now, random.bytes)
  const setUp = createRelay(quiet, {
    origins: [],
    admission: noRule,
  })
  await setUp.provisionSite({ siteId: 'site-1', name: 'Home', owner: 'user:owner' })
  const printers = Array.from({ length: options.printers }, (_, i) => `printer-${i + 1}`)
  const hosts: AgentHost[] = []
  for (const [i, printerId] of printers.entries()) {
    await earlierPrints(quiet, printerId)
    const { token, hash } = newAgentToken(printerId, random.bytes)
    await setUp.provisionPrinter({ siteId: 'site-1', printerId, name: printerId, tokenHash: hash })
    const name = `agent of ${printerId}`
    const deps = {
      ...{ ground, seed, name, printerId, gateway, tamper: undefined, historyKept: () => {} },
      intervals: { status: 5 * second, temperature: 2 * second, progress: second },
      lowerAfter: 60 * second,
      machine: machine(name),
      octoprint: createOctoPrint(ground, seed + i, jobMs[i % jobMs.length] ?? minute),
    }
    hosts.push(new AgentHost(deps, token))
  }
  const allowed = new Map<ViewerDevice, readonly string[]>()
  for (let i = 1; i <= options.viewers; i++) {
    const sub = `viewer-${i}`
    const mine = [...new Set([1, 2, 3].map(() => random.pick(printers)))]
    for (const printerId of mine) await grantOnPrinter(setUp.ports, printerId, `user:${sub}`)
    const device = new ViewerDevice({
      ...{ ground, seed, gateway, fetch: http, name: sub },
      seat: new PersonSeat(sub, 60 * minute, now),
      machine: machine(`device ${i}`),
      shows: () => {},
      tells: () => tally.count('news shown'),
      tamper: undefined,
    })
    allowed.set(device, mine)
  }
  return {
    ...{ options, ground, faults: ground.faults, live, directory, gateway, invocations, tally },
    ...{ printers, hosts, devices: [...allowed.keys()], allowed, now, violations },
  }
}

/** For setting up, before time begins. */
const quietPorts = (
  live: MemoryTable,
  directory: MemoryTable,
  now: () => number,
  randomBytes: (count: number) => Uint8Array,
): Ports => ({
  ...{ live, directory, now, randomBytes },
  sender: { send: async () => 'gone', close: async () => {}, isOpen: async () => false },
  invokeBroadcast: async () => {},
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  metrics: { count: () => {}, observe: () => {} },
})
