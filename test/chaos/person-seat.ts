import { tokenOf } from './http.ts'
import type { Seat, SignIn } from './seat.ts'

/** Somebody who signs in with the issuer. */
export class PersonSeat implements Seat {
  readonly root = '/v1'
  readonly who: string
  readonly #sub: string
  readonly #signInMs: number
  readonly #now: () => number

  /** `now`: the issuer's clock, ms since 1970. */
  constructor(sub: string, signInMs: number, now: () => number) {
    this.who = `user:${sub}`
    this.#sub = sub
    this.#signInMs = signInMs
    this.#now = now
  }

  signIn(): SignIn {
    let token: string | undefined
    return {
      view: 'full',
      token: async ({ fresh }) => {
        if (fresh) token = undefined
        const exp = Math.floor((this.#now() + this.#signInMs) / 1000)
        return (token ??= tokenOf({ sub: this.#sub, exp }))
      },
    }
  }

  sees(): boolean {
    return true
  }
}
