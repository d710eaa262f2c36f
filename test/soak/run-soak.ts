import { minute } from '../chaos/ground.ts'
import { scheduleEnd } from './ending.ts'
import { schedulePeople } from './people.ts'
import { sampleOf, type Sample } from './sample.ts'
import { makeSoakWorld, type SoakOptions, type SoakWorld } from './soak-world.ts'
import { scheduleSweeps } from './sweep.ts'

export interface Soaked {
  readonly world: SoakWorld
  readonly samples: readonly Sample[]
}

const hour = 60 * minute

const scheduleWatchdog = ({ ground: { loop }, invocations }: SoakWorld): void => {
  const watchdog = () => {
    invocations.invoke(
      'watchdog',
      (relay) => relay.watch(),
      () => {},
    )
    loop.after(minute, 'the watchdog is called', watchdog)
  }
  loop.after(minute, 'the watchdog is called', watchdog)
}

/** Some virtual time, a sample each hour and at its end, and then nothing is under way. */
export const runSoak = async (
  options: SoakOptions,
  sampled: (sample: Sample) => void,
): Promise<Soaked> => {
  const world = await makeSoakWorld(options)
  const { loop } = world.ground
  const unhandled = (error: unknown) =>
    world.ground.violated('no rejection is left unhandled', String(error))
  process.on('unhandledRejection', unhandled)
  const samples: Sample[] = []
  try {
    world.hosts.forEach((host, i) => loop.after(i * 700, 'an agent starts', () => host.start()))
    scheduleWatchdog(world)
    scheduleSweeps(world)
    schedulePeople(world)
    for (let at = Math.min(1, options.hours); at <= options.hours; at++) {
      await loop.runUntil(at * hour)
      const sample = await sampleOf(world)
      samples.push(sample)
      sampled(sample)
    }
    scheduleEnd(world)
    // Half a minute off, so that no watchdog has just begun.
    await loop.runUntil(options.hours * hour + 5.5 * minute)
  } finally {
    process.off('unhandledRejection', unhandled)
  }
  return { world, samples }
}
