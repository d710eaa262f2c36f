import type { StateItem } from '../../functions/relay/publishing/state-item.ts'
import { readOutbox } from '../../agent/outbox/read-outbox.ts'
import { changedFields } from '../../protocol/delta.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { minute, second } from './ground.ts'
import { renewLink } from './links.ts'
import { inView } from './oracle.ts'
import type { Page, ViewerDevice } from './viewer-device.ts'
import type { World } from './world.ts'

// When the faults end, all must become well by itself, and each check says in words what is not.

/** Runs on until nothing is wrong; what still is after `ms` breaks the property. */
const until = async (
  world: World,
  property: string,
  ms: number,
  wrong: () => string | undefined,
): Promise<void> => {
  const { loop } = world.ground
  const end = loop.now() + ms
  for (;;) {
    const present = wrong()
    if (present === undefined || loop.stopped) return
    if (loop.now() >= end)
      return world.ground.violated(property, `${present} (waited ${ms / second} s)`)
    await loop.runUntil(loop.now() + second / 2)
  }
}

const firstOf = <T>(
  list: Iterable<T>,
  wrong: (one: T) => string | undefined,
): string | undefined => {
  for (const one of list) {
    const present = wrong(one)
    if (present !== undefined) return present
  }
  return undefined
}

/** The owner is alive and its newest frame is stored. */
const ownerWrong = (world: World, printerId: string): string | undefined => {
  const state = world.stateOf(printerId)
  if (!state) return `${printerId} has no state`
  const of = `${printerId} (${state.gen})`
  const connection = world.gateway.connections.get(state.conn)
  if (!connection || connection.silent) return `${of} is owned by a connection that is gone`
  if (state.st !== 'on' || !state.online) return `${of} is ${state.st}, online ${state.online}`
  const newest = world.oracle.newestOf(state.gen)
  return state.seq === newest ? undefined : `${of} is at ${state.seq}, the agent at ${newest}`
}

const screenWrong = (page: Page, state: StateItem, printerId: string, world: World) => {
  const sight = page.client.state().printers[printerId]
  const where = `${page.process.name} of ${printerId}`
  const { phase, why } = page.client.state().link
  if (phase !== 'open') return `${where}: the link is ${phase} ${why ?? ''}`
  if (!sight?.position || !sight.state) return `${where}: nothing is shown`
  const { gen, seq } = sight.position
  if (gen !== state.gen || seq !== state.seq)
    return `${where}: ${gen}/${seq} is shown, ${state.gen}/${state.seq} is stored`
  const truth = world.oracle.published(state)
  if (truth && changedFields(inView(page.view, truth.state), sight.state).size > 0)
    return `${where}: another state`
  if (!sight.online) return `${where}: offline is shown`
  const told = world.oracle.toldUpTo(page, printerId)
  if (told !== undefined && told !== world.oracle.heads(`E#${printerId}`))
    return `${where}: told of events up to ${told} only`
  return sight.badge === 'real-time' ? undefined : `${where}: the badge says ${sight.badge}`
}

/** Whatever an agent that lives found, its log has. */
const eventsWrong = (world: World, printerId: string): string | undefined => {
  const hosts = world.hosts.slice(0, world.printers.length)
  const host = hosts.find(({ deps }) => deps.printerId === printerId)
  if (!host || world.hosts.length > world.printers.length) return undefined
  const waiting = readOutbox(host.files.read() ?? '').events.length
  if (waiting > 0) return `${printerId}: ${waiting} events wait in the outbox`
  const own = new Set(host.connections.map(({ id }) => id))
  const event = world.oracle.unlogged((id) => own.has(id))
  return event === undefined ? undefined : `${event} was sent, is not logged and waits no more`
}

/** Whole chunks of temperature history outlive every restart and every outage. */
const historyWrong = ({ hosts, printers, history }: World): string | undefined =>
  firstOf(hosts.slice(0, printers.length), ({ deps: { name, printerId }, history: { text } }) => {
    const chunk = history.lost(name, printerId, text ?? '')
    return chunk && `${chunk} is neither stored nor on the disk of its host`
  })

/** What is stored is what OctoPrint says. */
const contentWrong = (world: World, printerId: string): string | undefined => {
  const octoprint = world.octoprints.get(printerId)
  const state = world.stateOf(printerId)
  const truth = state && world.oracle.published(state)?.state
  const job = octoprint?.current()['/api/job'].body as
    { state: string; progress: { completion: number } } | undefined
  if (!truth || !job) return `${printerId} has no published state`
  const { octoprint: link } = truth.connection
  if (link !== 'ok') return `${printerId}: OctoPrint is ${link}`
  if (truth.status.text !== job.state)
    return `${printerId} is ${truth.status.text}, not ${job.state}`
  const difference = Math.abs((truth.progress.completion ?? 0) - job.progress.completion)
  return difference < 1 ? undefined : `${printerId} is off by ${difference} % of completion`
}

const mayWatch = ({ operator }: World, { who, deps }: ViewerDevice, printerId: string) =>
  deps.seat.sees(printerId) && !operator.revoked.has(`${who} ${printerId}`)

const everybodyWatches = (world: World): string | undefined =>
  firstOf(world.printers, (printerId) => {
    const wrong =
      ownerWrong(world, printerId) ??
      contentWrong(world, printerId) ??
      eventsWrong(world, printerId)
    const state = world.stateOf(printerId)
    if (wrong !== undefined || !state) return wrong
    if (state.mode !== 'watched') return `${printerId} is watched and its agent is idle`
    return firstOf(world.devices, (device) =>
      device.page && mayWatch(world, device, printerId)
        ? screenWrong(device.page, state, printerId, world)
        : undefined,
    )
  })

/** What a person does who sees that this page will not work any more. */
const reloadEnded = (world: World, reloads: Map<ViewerDevice, number>): void => {
  for (const device of world.devices) {
    const view = device.page?.client.state()
    const refused = world.printers.some((id) => view?.printers[id]?.refused !== undefined)
    if (device.page && view?.link.phase !== 'ended' && !refused) continue
    const times = (reloads.get(device) ?? 0) + 1
    reloads.set(device, times)
    if (times > 5) world.ground.violated('a reload helps', `${device.deps.name}: ${view?.link.why}`)
    device.leave(true)
    device.load()
    for (const id of world.printers) device.watch(id)
  }
}

const calm = (world: World): void => {
  const { ground, hosts, devices } = world
  ground.faults.end()
  ground.note('the faults end')
  for (const octoprint of world.octoprints.values()) {
    octoprint.mood = 'well'
    octoprint.freeze()
  }
  for (const { deps } of [...hosts, ...devices]) deps.machine.wake()
  const keepClones = ground.random.chance(0.3)
  for (const clone of hosts.slice(world.printers.length)) if (!keepClones) clone.kill()
  for (const host of hosts.slice(0, world.printers.length)) host.start()
  for (const device of devices) {
    const page = device.load()
    page.visible = true
    page.client.setVisible(true)
    for (const id of world.printers) device.watch(id)
  }
}

const activity = ({ gateway, oracle, invocations }: World) => ({
  'connections dialled': gateway.dialled,
  hellos: oracle.hellos,
  syncs: oracle.syncs,
  resyncs: invocations.counted.get('fluxrelay_publishes_total{resync}') ?? 0,
})

/** In calm, nothing is mended any more: no dial, no hello, no resync, no sync. */
const staysCalm = async (world: World): Promise<void> => {
  const { loop } = world.ground
  // The last faults work on for a while: an answer that was lost is missed only so much later.
  await loop.runUntil(loop.now() + 45 * second)
  const before = activity(world)
  const wasReal = everybodyWatches(world) === undefined
  await loop.runUntil(loop.now() + minute)
  if (loop.stopped || !wasReal) return
  const after = activity(world)
  for (const [what, count] of Object.entries(after)) {
    const more = count - before[what as keyof typeof before]
    if (more > 0) world.ground.violated('calm stays calm', `${more} ${what} in a minute`)
  }
  const wrong = everybodyWatches(world)
  if (wrong !== undefined)
    await until(world, 'calm stays calm', 5 * second, () => everybodyWatches(world))
}

const watchersLeft = (world: World): string | undefined => {
  const now = world.now()
  for (const item of world.live.values()) {
    const { pk, sk, st, until: end } = item
    if (sk.startsWith('SUB#') && st === 'on' && Number(end) > now) return `${pk} ${sk} is still on`
  }
  return firstOf(world.printers, (id) => {
    const wrong = ownerWrong(world, id)
    if (wrong !== undefined) return wrong
    return world.stateOf(id)?.mode === 'idle' ? undefined : `${id} is unwatched and not idle`
  })
}

/** A connection whose `$disconnect` ran to its end left nothing; nobody gathers timers. */
const nothingLeft = (world: World): void => {
  const { oracle, hosts, live, gateway, ground } = world
  for (const { process } of hosts)
    if (process) oracle.checkSize(process.name, 'timers', process.timers, 40)
  oracle.checkSize('the run', 'steps to come', ground.loop.pending, 60 + 4 * gateway.dialled)
  const now = world.now()
  const lives = [...live.values()].filter((item) => Number(item['expiresAt']) * 1000 > now)
  oracle.checkSize(
    'the relay',
    'subscriptions',
    lives.filter(({ sk }) => sk.startsWith('SUB#')).length,
    0,
  )
  oracle.checkSize('the relay', 'tickets', lives.filter(({ pk }) => pk.startsWith('K#')).length, 0)
}

/** What must come true again once the faults have ended, and stay so. */
export const settle = async (world: World, after: ReadonlyMap<string, number>): Promise<void> => {
  const { ground, devices, operator } = world
  calm(world)
  const reloads = new Map<ViewerDevice, number>()
  await until(world, 'the operator gets through', minute, () =>
    operator.busy ? 'a grant or revocation is not answered' : undefined,
  )
  for (const key of [...operator.revoked]) {
    const [who = '', printerId = ''] = key.split(' ')
    operator.grant(who, printerId)
  }
  if (world.guest) renewLink(world, world.guest)
  await until(world, 'the operator gets through', minute, () =>
    operator.busy ? 'a new link is not answered' : undefined,
  )
  // Who was superseded or refused waits for ten minutes, and for the owner to be forgotten.
  const rested = after.has('clone started') || after.has('token rotated')
  const patience = rested ? 2 * timeOuts.supersededRetry + 6 * minute : 8 * minute
  // What was killed just now looks well for a moment.
  await ground.loop.runUntil(ground.loop.now() + second)
  await until(world, 'all is well again after the faults', patience, () => {
    reloadEnded(world, reloads)
    return everybodyWatches(world)
  })
  if (ground.loop.stopped) return
  if (!rested && !world.long) await staysCalm(world)
  for (const device of devices) {
    if (ground.random.chance(0.3)) for (const id of world.printers) device.unwatch(id)
    else device.leave(ground.random.chance(0.5))
  }
  await until(world, 'nobody watches, so the agent is idle', timeOuts.lease + 4 * minute, () =>
    watchersLeft(world),
  )
  if (ground.loop.stopped) return
  for (const device of devices) device.leave(true)
  const back = devices.slice(0, 1).concat(world.guest?.device ?? [])
  for (const device of back) {
    device.load()
    for (const id of world.printers) device.watch(id)
  }
  await until(world, 'who comes back sees it live at once', 10 * second, () =>
    everybodyWatches(world),
  )
  if (ground.loop.stopped) return
  // A day's backlog goes out a chunk every ten seconds.
  await until(world, 'no whole chunk of history is lost', 50 * minute, () => historyWrong(world))
  if (ground.loop.stopped) return
  for (const device of back) device.leave(true)
  await ground.loop.runUntil(ground.loop.now() + 2 * minute)
  nothingLeft(world)
}
