import type { Person } from '../../functions/relay/people/person.ts'
import type { NewShare } from '../../protocol/rest-shares.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { View } from '../../protocol/view.ts'
import type { GuestSeat, Link } from './guest-seat.ts'
import type { Random } from './random.ts'
import type { ViewerDevice } from './viewer-device.ts'
import type { World } from './world.ts'

/** Who makes the links of a run. */
export const owner: Person = {
  ...{ principal: 'user:owner', session: Number.MAX_SAFE_INTEGER, signedAt: 0 },
  ...{ email: undefined, name: undefined },
}

export type Offer = Pick<Link, 'view' | 'printerId'>

export const anOffer = (random: Random, printers: readonly string[]): Offer => ({
  view: random.pick<View>(['basic', 'basic', 'full']),
  printerId: random.chance(0.5) ? random.pick(printers) : undefined,
})

export const newShareOf = ({ view, printerId }: Offer): NewShare => ({
  ...{ name: 'A link', view, display: false, lifetime: timeOuts.shareLongest },
  ...(printerId !== undefined && { printerId }),
})

/** A device whose visitor has a link. */
export interface Guest {
  readonly device: ViewerDevice
  readonly seat: GuestSeat
  readonly random: Random
}

/** Makes a new link for a guest whose link was withdrawn; they load again with it. */
export const renewLink = ({ printers, operator }: World, { device, seat, random }: Guest): void => {
  if (!seat.withdrawn) return
  seat.withdrawn = false
  operator.makeLink(anOffer(random, printers), (link) =>
    device.deps.machine.arrives('a new link comes', () => {
      seat.link = link
      device.leave(true)
      device.load()
      for (const id of printers) device.watch(id)
    }),
  )
}
