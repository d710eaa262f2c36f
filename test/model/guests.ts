import type { NewShare, ShareAnswer } from '../../protocol/rest-shares.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import type { Person } from '../../functions/relay/people/person.ts'
import { lastsLong, owner, printerId, siteId, type World } from './world.ts'

/** Somebody signed in. */
export const personOf = (principal: string): Person => ({
  ...{ principal, session: lastsLong, signedAt: 0 },
  ...{ email: undefined, name: undefined },
})

/** What the owner asks for, unless a test says otherwise: the printer in the view basic. */
export const shareWish = (more: Partial<NewShare> = {}): NewShare => ({
  ...{ name: 'Workshop', printerId, view: 'basic', display: false },
  lifetime: timeOuts.shareShortest,
  ...more,
})

/** A link that the owner of the world's site made. */
export const shareIn = (world: World, more: Partial<NewShare> = {}): Promise<ShareAnswer> =>
  world.relay.makeShare(personOf(owner), siteId, shareWish(more))

/** A guest of a link: their token, and who they are. */
export const guestBy = async (world: World, secret: string) => {
  const { token } = await world.relay.redeemShare('192.0.2.1', () => secret)
  return { token, ...(await world.relay.guestOf(token)) }
}

/** A guest of a link with an open connection, up to the end of their token. */
export const guestConnected = async (
  world: World,
  secret: string,
  connectionId: string,
): Promise<Caller> => {
  const { principal, session } = await guestBy(world, secret)
  return world.viewer(connectionId, principal, session)
}
