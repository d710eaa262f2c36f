import { guestAnswerSchema, type GuestAnswer } from '../protocol/rest-shares.ts'
import { posting, read, send, type AskDeps } from './ask.ts'
import type { ClientDeps } from './deps.ts'

/** The guest's way in: give it to `createRelayClient` as `config.root`. */
export const guestRoot = '/v1/guest'

/** A guest's token, and until when it is good by this machine's clock, ms since 1970. */
export interface GuestPass {
  readonly answer: GuestAnswer
  readonly goodUntil: number
}

export interface GuestDeps extends AskDeps {
  /** The share link's, from its fragment. It is sent in bodies only. */
  readonly secret: string
  /** What an earlier page of the same link was given. */
  readonly kept: GuestPass | undefined
  /** A new pass came: keep it as long as the page. */
  readonly keep: (pass: GuestPass) => void
}

/** Somebody with a share link instead of a sign-in. */
export interface Guest {
  /** What the link is for. Throws a `RequestError`: `secret_not_valid` when it is gone. */
  pass(): Promise<GuestPass>
  /** As `ClientDeps` wants it: the link gives another token when one runs out or was refused. */
  readonly token: ClientDeps['token']
}

/** A token that runs out within this, ms, is not begun with. */
const soon = 60_000

export const createGuest = (deps: GuestDeps): Guest => {
  const { clock, secret } = deps
  let held = deps.kept
  let flight: Promise<GuestPass> | undefined

  const redeem = async (): Promise<GuestPass> => {
    const path = '/v1/shares/redeem'
    const ask = posting(path, { secret })
    const answer = read(`POST ${path}`, await send(deps, ask, undefined), guestAnswerSchema)
    held = { answer, goodUntil: clock.now() + answer.until - answer.now }
    deps.keep(held)
    return held
  }
  /** Every redemption makes a new guest: who asks at the same time shares one. */
  const redeemOnce = () =>
    (flight ??= redeem().finally(() => {
      flight = undefined
    }))
  const pass = async () => (held && clock.now() < held.goodUntil - soon ? held : await redeemOnce())
  return {
    pass,
    token: async ({ fresh }) => (await (fresh ? redeemOnce() : pass())).answer.token,
  }
}
