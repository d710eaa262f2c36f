import type { SoakWorld } from './soak-world.ts'

/** Everybody leaves and nothing goes wrong any more, so that all sums can be closed. */
export const scheduleEnd = (world: SoakWorld): void => {
  world.faults.end()
  for (const device of world.devices) {
    if (device.deps.machine.asleep) device.deps.machine.wake()
    device.leave(true)
  }
  for (const host of world.hosts) host.kill()
}
