import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { toPrinterState } from '../../agent/mapping/to-printer-state.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterSight } from '../../client/view.ts'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { printerPartition, subscriptionPrefix } from '../../functions/relay/table/keys.ts'
import type { FaultChange } from '../../local/gateway/faults.ts'
import { demoViewer } from '../../local/issuer/accounts.ts'
import { oddBodies } from '../../local/octoprint/odd-bodies.ts'
import { sameState } from '../support/same-state.ts'
import { isNewer, type Position } from '../../protocol/generation.ts'
import { readingsOf } from '../agent/support/readings-of.ts'
import { openClient } from '../local/gateway/client.ts'
import { fastClock } from '../support/fast-clock.ts'
import {
  addPrinter,
  manualOctoPrint,
  runTestAgent,
  type ManualOctoPrint,
} from '../support/honest-pair.ts'
import {
  connectClient,
  demoToken,
  silent,
  startTestRelay,
  viewWhere,
  type TestRelay,
} from '../support/relay.ts'
import { toldLog, type ToldLog } from '../support/told-log.ts'
import { watcherOf } from '../support/watcher.ts'

/** The agent's and the viewer's ms that pass in one real one. */
const speed = 15
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let relay: TestRelay
let token: string
let printer: { printerId: string; token: string }
let octoPrint: ManualOctoPrint
const endings: (() => void | Promise<void>)[] = []

beforeAll(async () => {
  relay = await startTestRelay({ agent: false, log: silent })
  token = await demoToken(relay.origin)
})
afterAll(() => relay.remove())
beforeEach(async () => {
  printer = await addPrinter(relay)
  octoPrint = await manualOctoPrint()
  endings.push(() => octoPrint.octoPrint.close())
})
afterEach(async () => {
  relay.gateway.faults.clear()
  for (const end of endings.splice(0).reverse()) await end()
})

const runAgent = (options: { lowerAfter?: number; every?: number; speed?: number } = {}) => {
  const log = toldLog()
  const stop = runTestAgent(relay, {
    ...{ token: printer.token, octoPrint: octoPrint.octoPrint, log, speed, ...options },
  })
  endings.push(stop)
  return { log, stop }
}

interface Watching {
  readonly client: RelayClient
  /** The first sight that fits. */
  readonly where: (fits: (sight: PrinterSight) => boolean) => Promise<PrinterSight>
  /** Every position and presence it was shown. */
  readonly shown: { position: Position; online: boolean }[]
}

const watch = (): Watching => {
  const client = connectClient(relay.origin, token, { clock: fastClock(speed) })
  const id = printer.printerId
  const shown: Watching['shown'] = []
  client.subscribe(({ printers }) => {
    const { position, online = false } = printers[id] ?? {}
    if (position) shown.push({ position, online })
  })
  client.start()
  client.watch(id)
  endings.push(() => client.stop())
  const where: Watching['where'] = (fits) =>
    viewWhere(client, ({ printers }) => {
      const sight = printers[id]
      return sight && fits(sight) ? sight : undefined
    })
  return { client, where, shown }
}

/** What OctoPrint says now, as a state. */
const published = () => toPrinterState(readingsOf(octoPrint.scenario.current(), '1.11.8'))

/** Resolves when the viewer holds what OctoPrint says now. */
const caughtUp = ({ where }: Watching) => {
  const expected = published()
  return where(({ state }) => state !== undefined && sameState(state, expected))
}

const neverBack = ({ shown }: Watching) =>
  shown.every(({ position }, at) => {
    const before = shown[at - 1]?.position
    return before === undefined || !isNewer(before, position)
  })

const some = { drop: 0.2, repeat: 0.2, delay: 0.2, delayMs: 60, reorder: 0.2, holdMs: 60 }

describe('frames are lost, repeated, reordered; a control frame is lost', () => {
  it.each<[string, FaultChange]>([
    ['on their way to the relay', { messages: some }],
    ['on their way from the relay', { posts: some }],
    ['both ways', { messages: some, posts: some }],
    ['and posts are answered 429', { limited: 0.3 }],
    ['and posts are answered 410', { gone: 0.05 }],
    ['and handlers die before they did anything', { crashBefore: 0.2 }],
    ['and handlers die after all they did', { crashAfter: 0.2 }],
  ])('every viewer ends with the published state: %s', async (_how, faults) => {
    relay.gateway.faults.set(faults)
    runAgent()
    const viewers = [watch(), watch()]
    for (let step = 0; step < 12; step += 1) {
      octoPrint.setTool(100 + step)
      await octoPrint.octoPrint.requests.next('/api/printer')
    }
    // Still under fire: what was lost is mended by what comes after.
    octoPrint.setTool(42.5)
    await Promise.all(viewers.map(caughtUp))
    expect(viewers.every(neverBack)).toBe(true)
  })

  it('demand arrives all the same', async () => {
    const { log } = runAgent({ lowerAfter: 0, speed: 40 })
    await log.until(/nobody watches/)
    relay.gateway.faults.set({ posts: { drop: 0.5 }, messages: { drop: 0.3 } })
    const viewer = watch()
    await log.until(/sending at full pace/, 2)
    await viewer.where(({ mode }) => mode === 'watched')
    octoPrint.setTool(43.5)
    await caughtUp(viewer)
  })
})

const superseded = /another agent/
const supersededBy = (log: ToldLog) => log.told(superseded).length

describe('the same token is used twice, a late hello of an old connection arrives', () => {
  it('the newest owns, the live agent is never told to stop, and there is no flapping', async () => {
    // Its ten minutes until the next try pass within ten seconds; faster, and a busy machine would
    // answer its hellos too late for its own clock.
    const first = runAgent({ speed: 60, every: 60_000 })
    const viewer = watch()
    const before = await viewer.where(({ state }) => state?.connection.octoprint === 'ok')
    const second = runAgent()
    await first.log.until(superseded)
    const owner = await viewer.where(({ position }) => position?.gen !== before.position?.gen)
    const taken = viewer.shown.length
    await first.log.until(superseded, 2)
    octoPrint.setTool(44.5)
    const { position } = await caughtUp(viewer)
    expect(position?.gen).toBe(owner.position?.gen)
    expect(supersededBy(second.log)).toBe(0)
    const owners = new Set(viewer.shown.slice(taken).map(({ position: { gen } }) => gen))
    expect([...owners]).toEqual([owner.position?.gen])
    expect(neverBack(viewer)).toBe(true)
  })
})

/** Resolves when the relay has dealt with so many `$disconnect`s from now on. */
const disconnects = (times: number): Promise<void> =>
  new Promise((resolve) => {
    const disconnected = relay.relay.disconnected.bind(relay.relay)
    let seen = 0
    relay.relay.disconnected = async (caller) => {
      await disconnected(caller)
      seen += 1
      if (seen < times) return
      relay.relay.disconnected = disconnected
      resolve()
    }
  })

const subscriptions = async () => {
  const { live } = relay.relay.ports
  const items = await live.query({ pk: printerPartition(printer.printerId) })
  return items.items.filter(({ sk }) => sk.startsWith(subscriptionPrefix))
}

describe('`$disconnect` never comes, or comes after the new `$connect`', () => {
  it('an agent whose late $disconnect follows its next hello stays online', async () => {
    relay.gateway.faults.set({ lateDisconnect: 1, lateDisconnectMs: 1_000 })
    const first = runAgent()
    const viewer = watch()
    const old = await viewer.where(({ state }) => state !== undefined)
    const late = disconnects(1)
    await first.stop()
    runAgent()
    await viewer.where(({ position }) => position?.gen !== old.position?.gen)
    const since = viewer.shown.length
    await late
    octoPrint.setTool(45.5)
    await caughtUp(viewer)
    expect(viewer.shown.slice(since).filter(({ online }) => !online)).toEqual([])
  })

  it('an agent whose $disconnect is lost is replaced by its next start', async () => {
    relay.gateway.faults.set({ loseDisconnect: 1 })
    const first = runAgent()
    const viewer = watch()
    const old = await viewer.where(({ state }) => state !== undefined)
    await first.stop()
    runAgent()
    octoPrint.setTool(46.5)
    const { position, online } = await caughtUp(viewer)
    expect(position?.gen).not.toBe(old.position?.gen)
    expect(online).toBe(true)
  })

  it('a viewer whose $disconnect is lost is no ghost after the next post, and others stay', async () => {
    runAgent()
    const viewer = watch()
    await viewer.where(({ state }) => state !== undefined)
    relay.gateway.faults.set({ loseDisconnect: 1 })
    const session = Date.now() + 3_600_000
    const { ticket } = await relay.relay.issueTicket(
      watcherOf(userPrincipal(demoViewer.sub), session),
    )
    const ghost = await openClient(`${relay.internal.replace('http', 'ws')}/ws?ticket=${ticket}`, {
      protocols: ['fluxrelay.v1'],
    })
    ghost.say({ action: 'subscribe', printerId: printer.printerId, rid: 1 })
    while (!(await ghost.frames.next()).includes('"subscribed"'));
    expect(await subscriptions()).toHaveLength(2)
    ghost.socket.terminate()
    await ghost.closed
    // The fan-out of the first meets 410; when the second has come, the first is over.
    for (const celsius of [47.5, 48.5, 49.5]) {
      octoPrint.setTool(celsius)
      await caughtUp(viewer)
    }
    expect(await subscriptions()).toHaveLength(1)
  })
})

describe('OctoPrint restarts, hangs, sends odd data', () => {
  const sees = ({ where }: Watching, states: readonly string[]) =>
    where(({ state }) => states.includes(state?.connection.octoprint ?? ''))

  const recovers = async (viewer: Watching, celsius: number) => {
    octoPrint.setTool(celsius)
    await caughtUp(viewer)
  }

  it('the viewer sees a restart, and the agent recovers alone', async () => {
    runAgent()
    const viewer = watch()
    await sees(viewer, ['ok'])
    await octoPrint.octoPrint.goDown()
    const gone = await sees(viewer, ['restarting', 'unreachable'])
    expect(gone.online).toBe(true)
    await octoPrint.octoPrint.comeBack()
    await recovers(viewer, 50.5)
  })

  it.each([
    ['hangs', { kind: 'hang' }, ['not_answering']],
    ['answers 500', { kind: 'status', status: 500 }, ['server_error']],
    ['answers 403', { kind: 'status', status: 403 }, ['key_refused']],
    ['resets', { kind: 'reset' }, ['restarting', 'unreachable']],
    ['sends a page', { kind: 'odd', body: 'html' }, ['odd_answer']],
  ] as const)(
    'the viewer sees that it %s, and the agent recovers alone',
    async (_, fault, seen) => {
      runAgent()
      const viewer = watch()
      await sees(viewer, ['ok'])
      octoPrint.octoPrint.faults.set('*', fault)
      expect((await sees(viewer, seen)).online).toBe(true)
      octoPrint.octoPrint.faults.clear()
      await recovers(viewer, 51.5)
    },
  )

  it('any odd body leaves agent and viewer able to go on', async () => {
    const { log } = runAgent()
    const viewer = watch()
    await sees(viewer, ['ok'])
    for (const [index, body] of oddBodies.entries()) {
      octoPrint.octoPrint.faults.once('*', { kind: 'odd', body }, 2)
      await octoPrint.octoPrint.requests.next('/api/printer')
      await octoPrint.octoPrint.requests.next('/api/job')
      octoPrint.octoPrint.faults.clear()
      await recovers(viewer, 52 + index)
    }
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
    expect(neverBack(viewer)).toBe(true)
  })
})
