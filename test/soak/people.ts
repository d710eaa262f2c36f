import { minute } from '../chaos/ground.ts'
import type { Page, ViewerDevice } from '../chaos/viewer-device.ts'
import type { SoakWorld } from './soak-world.ts'

const hour = 60 * minute
/** Every tenth screen hangs on a wall and is never turned off. */
const alwaysOn = (index: number) => index % 10 === 0

/**
 * Part of the busiest hour's activity, so many hours away from it. That hour is in the middle of
 * what the trend is taken from, and the tide alike on both sides: it makes no slope of its own.
 */
export const activityAt = (hoursOff: number): number =>
  0.2 + 0.8 * Math.cos((Math.PI * hoursOff) / 24) ** 2

/** What people do all day: they come, look, turn away, close the lid, leave. */
export const schedulePeople = (world: SoakWorld): void => {
  const { loop, random } = world.ground
  world.devices.forEach((device, index) => {
    if (alwaysOn(index))
      loop.after(random.between(0, minute), 'a wall screen', () => arrive(world, device))
    else loop.after(untilNext(world), 'somebody comes', () => visit(world, device))
  })
}

/** About seven visits in 24 hours. */
const untilNext = ({ ground: { loop, random }, options }: SoakWorld): number => {
  const busiest = (options.warm + options.hours) / 2
  return (-Math.log(1 - random.next()) * 2 * hour) / activityAt(loop.now() / hour - busiest)
}

const visit = (world: SoakWorld, device: ViewerDevice): void => {
  const { loop, random, faults } = world.ground
  if (faults.ended) return
  const page = arrive(world, device)
  const stay = random.between(3, 60) * minute
  if (random.chance(0.25)) turnAway(world, device, page, stay * random.next())
  if (random.chance(0.2)) closeLid(world, device, stay * random.next())
  loop.after(stay, 'somebody leaves', () =>
    device.deps.machine.arrives('leaves', () => {
      device.leave(random.chance(0.5))
      loop.after(untilNext(world), 'somebody comes', () => visit(world, device))
    }),
  )
}

const arrive = (world: SoakWorld, device: ViewerDevice): Page => {
  const page = device.load()
  const mine = world.allowed.get(device) ?? []
  for (const printerId of mine) {
    device.watch(printerId)
    // What the printer's page asks for once; a failure is shown and tried again there.
    void page.client.history(printerId).catch(() => world.tally.count('asked in vain'))
    void page.client.prints(printerId).catch(() => world.tally.count('asked in vain'))
  }
  return page
}

const turnAway = (world: SoakWorld, device: ViewerDevice, page: Page, after: number): void => {
  const { loop, random } = world.ground
  const set = (visible: boolean) => () => {
    if (device.page !== page) return
    page.visible = visible
    page.client.setVisible(visible)
  }
  loop.after(after, 'a tab is hidden', set(false))
  loop.after(after + random.between(0.5, 10) * minute, 'a tab is seen', set(true))
}

const closeLid = ({ ground: { loop, random } }: SoakWorld, device: ViewerDevice, after: number) =>
  loop.after(after, 'a lid is closed', () =>
    device.deps.machine.sleep(
      random.between(1, 30) * minute,
      random.chance(0.5) ? 'monotonic stands still' : 'timers late',
    ),
  )
