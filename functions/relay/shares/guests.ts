import type { GuestAnswer } from '../../../protocol/rest-shares.ts'
import { guestTokenSchema } from '../../../protocol/secret.ts'
import { timeOuts } from '../../../protocol/time-outs.ts'
import { guestPrincipal } from '../caller.ts'
import { RelayError } from '../errors.ts'
import { expirySeconds } from '../table/expiry.ts'
import { guestTokenItemSchema } from './guest-token-item.ts'
import { sha256 } from '../hash.ts'
import { guestTokenKey } from '../table/keys.ts'
import type { Watcher } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { takeToken } from '../limits/rate-limit.ts'
import { rateLimits } from '../limits/rate-limits.ts'
import { readItem } from '../table/read-item.ts'
import { newSecret } from '../secret.ts'
import { standingShare } from './share-item.ts'
import { sourceOf } from '../limits/source.ts'

/** Tells the guests of one link apart; opens nothing. */
const guestBytes = 9

/**
 * Gives whoever holds a link's secret a guest's token, which ends with the link at the latest.
 * `read` parses the request, after the limits.
 */
export const redeemShare = async (
  ports: Ports,
  address: string,
  read: () => string,
): Promise<GuestAnswer> => {
  await takeToken(ports, `redeeming#${sourceOf(address)}`, rateLimits.redeeming, 'tries')
  await takeToken(ports, 'redeeming', rateLimits.redeemingOfAll, 'tries')
  const share = sha256(read())
  const link = await standingShare(ports, share)
  if (!link)
    throw new RelayError('secret_not_valid', 'The link is not valid, or not any more: ask anew.')
  const { name, view, display, printer } = link
  const now = ports.now()
  const until = Math.min(now + timeOuts.guestToken, link.until)
  const { token, hash } = newGuestToken(ports)
  const guest = Buffer.from(ports.randomBytes(guestBytes)).toString('base64url')
  await ports.live.put({
    ...guestTokenKey(hash),
    ...{ principal: guestPrincipal(share, guest), share, at: now, until },
    expiresAt: expirySeconds(until),
  })
  return {
    ...{ token, until, name, view, display, now },
    ...(printer !== undefined && { printerId: printer }),
  }
}

const newGuestToken = ({ randomBytes }: Ports): { token: string; hash: string } => {
  const token = `frg_${newSecret(randomBytes).secret}`
  return { token, hash: sha256(token) }
}

/** The guest that a token stands for; refuses one that ran out, or whose link does not stand. */
export const guestOf = async (ports: Ports, token: string): Promise<Watcher> => {
  if (!guestTokenSchema.safeParse(token).success) throw notValid()
  const key = guestTokenKey(sha256(token))
  const given = await readItem(ports.live, guestTokenItemSchema, key)
  if (!given || given.until <= ports.now()) throw notValid()
  if (!(await standingShare(ports, given.share))) throw notValid()
  return { principal: given.principal, session: given.until, signedAt: given.at }
}

const notValid = (): RelayError =>
  new RelayError('unauthenticated', 'The guest’s token is not valid: open the share link again.')
