import { scheduleFaults, schedulePeople } from './disturbances.ts'
import type { FaultKind } from './faults.ts'
import { minute, second } from './ground.ts'
import { settle } from './settle.ts'
import type { Store } from './store.ts'
import { makeWorld, type RunOptions, type Violation, type World } from './world.ts'

export interface Outcome {
  readonly seed: number
  readonly violation: Violation | undefined
  /** The same for the same run. */
  readonly hash: string
  readonly virtualMs: number
  readonly steps: number
  readonly faults: ReadonlyMap<FaultKind, number>
  /** All that the tables held at last. */
  readonly stored: () => ReturnType<Store['contents']>
  readonly trace: (count: number) => readonly string[]
}

/** The scheduler that the cloud would be, and the eye on what is shown. */
const keepWatch = (world: World): void => {
  const { loop, faults } = world.ground
  let busy = false
  const watchdog = () => {
    if (!busy) {
      busy = true
      world.invocations.invoke(
        'watchdog',
        (relay) => relay.watch(),
        () => {
          busy = false
        },
      )
    }
    loop.after(minute, 'the watchdog is called', watchdog)
  }
  loop.after(minute, 'the watchdog is called', watchdog)
  const wokeAt = new Map<string, number>()
  const look = () => {
    for (const { page, deps } of world.devices) {
      if (deps.machine.asleep) wokeAt.set(deps.name, loop.now())
      const awakeFor = loop.now() - (wokeAt.get(deps.name) ?? -Infinity)
      if (!page || awakeFor < 30 * second) continue
      world.oracle.checkBadges(page)
      world.oracle.checkSize(page.process.name, 'timers', page.process.timers, 60)
      world.oracle.checkSize(page.process.name, 'sockets', page.sockets.size, 3)
    }
    for (const { process, sockets } of world.hosts) {
      if (!process) continue
      world.oracle.checkSize(process.name, 'timers', process.timers, 40)
      world.oracle.checkSize(process.name, 'sockets', sockets.size, 4)
    }
    loop.after((faults.ended ? 20 : 5) * second, 'a look', look)
  }
  loop.after(second, 'a look', look)
}

/** One run from its seed: faults for a while, then calm. The same seed does the same. */
export const runSeed = async (options: RunOptions): Promise<Outcome> => {
  const world = await makeWorld(options)
  const { ground, trace } = world
  const { loop, faults } = ground
  const unhandled = (error: unknown) =>
    ground.violated(
      'no rejection is left unhandled',
      error instanceof Error ? (error.stack ?? String(error)) : String(error),
    )
  process.on('unhandledRejection', unhandled)
  try {
    for (const host of world.hosts) host.start()
    keepWatch(world)
    schedulePeople(world)
    scheduleFaults(world)
    await loop.runUntil(world.activeMs)
    if (!loop.stopped) await settle(world, faults.happened)
  } finally {
    world.gateway.close()
    process.off('unhandledRejection', unhandled)
  }
  return {
    seed: options.seed,
    violation: world.violation(),
    hash: trace.hash(),
    virtualMs: loop.now(),
    steps: trace.steps(),
    faults: faults.happened,
    stored: () => world.store.contents(),
    trace: trace.last,
  }
}
