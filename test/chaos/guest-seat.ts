import { createGuest, guestRoot, type GuestPass } from '../../client/guest.ts'
import type { View } from '../../protocol/view.ts'
import type { Process } from './machine.ts'
import type { Seat, SignIn } from './seat.ts'

/** A share link, as whoever was sent it has it. */
export interface Link {
  /** The hash of its secret. */
  readonly id: string
  readonly secret: string
  readonly view: View
  /** The one printer it is for; undefined: the whole site. */
  readonly printerId: string | undefined
}

/** Somebody with a share link instead of a sign-in. */
export class GuestSeat implements Seat {
  readonly root = guestRoot
  readonly who = 'guest'
  link: Link
  /** The link was withdrawn, and no other is asked for yet. */
  withdrawn = false
  #kept: { readonly link: Link; readonly pass: GuestPass } | undefined

  constructor(link: Link) {
    this.link = link
  }

  signIn(process: Process, deps: Parameters<Seat['signIn']>[1]): SignIn {
    const { link } = this
    const kept = this.#kept?.link === link ? this.#kept.pass : undefined
    const keep = (pass: GuestPass) => {
      if (process.alive) this.#kept = { link, pass }
    }
    const { token } = createGuest({ ...deps, secret: link.secret, kept, keep })
    return { token, view: link.view }
  }

  sees(printerId: string): boolean {
    return this.link.printerId === undefined || this.link.printerId === printerId
  }
}
