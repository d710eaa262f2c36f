import { userPrincipal } from '../../functions/relay/caller.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import { readSite, roleOnSite } from '../../functions/relay/people/grants.ts'
import { personPartition } from '../../functions/relay/table/keys.ts'
import { notePerson } from '../../functions/relay/people/person-item.ts'
import { readPrintersOfSite } from '../../functions/relay/sites/site-printers.ts'
import type { Member } from '../issuer/accounts.ts'

/** How often (ms) a running relay looks at the accounts' file. */
export const accountsEveryMs = 2_000

interface Followed {
  readonly siteId: string
  readonly people: () => Promise<readonly Member[]>
}

/**
 * Lets everybody whom the operator gave an account into the site once, as owner where there is none,
 * and lets those go who have no account any more, with their open connections, before the promise
 * resolves. What owners do to roles later stays so; an account that an invitation made gets its
 * rights by accepting it.
 *
 * The relay runs it at its start and then asks the file every two seconds, rather than at sign-in,
 * because that also serves removal; and rather than by a file watch, which misses renames on some
 * systems. So a removed account loses its sign-in at once (the issuer reads the file each time) and
 * what is open within seconds; its access token runs on for at most an hour and opens nothing. What
 * a crash leaves undone is done at the next start.
 */
export const accountGrants = (relay: Relay, { siteId, people }: Followed) => {
  let done: string | undefined
  return async (): Promise<void> => {
    const members = await people()
    const wish = JSON.stringify(members.map(({ sub }) => sub))
    // Nobody at all is a file that was taken away: the owner stays until the next start says so.
    if (wish === done || members.length === 0) return
    await letIn(relay, siteId, members)
    await letGo(relay, siteId, new Set(members.map(({ sub }) => userPrincipal(sub))))
    done = wish
  }
}

/** That somebody was let in once: whom an owner takes off the site is not let in again. */
const letInKey = (who: string, siteId: string) => ({
  pk: personPartition(who),
  sk: `LET-IN#${siteId}`,
})

const letIn = async (relay: Relay, siteId: string, members: readonly Member[]) => {
  const { directory } = relay.ports
  const site = await readSite(relay.ports, siteId)
  const roleOf = (who: string) => site && roleOnSite(site, who)
  const owned = members.some(({ sub }) => roleOf(userPrincipal(sub)) === 'owner')
  for (const [index, { sub, email }] of members.filter(({ invited }) => !invited).entries()) {
    const who = userPrincipal(sub)
    const isOwner = index === 0 && !owned
    const before = await directory.get(letInKey(who, siteId))
    if (isOwner) await relay.grantOnSite(siteId, who, 'owner')
    else if (!before && roleOf(who) === undefined) await relay.grantOnSite(siteId, who, 'viewer')
    if (before) continue
    await notePerson(relay.ports, siteId, { who, name: email })
    await directory.put({ ...letInKey(who, siteId), at: relay.ports.now() })
  }
}

const letGo = async (relay: Relay, siteId: string, stay: ReadonlySet<string>) => {
  const site = await readSite(relay.ports, siteId)
  const printers = await readPrintersOfSite(relay.ports, siteId)
  const lists = [site?.owners, site?.viewers, ...printers.map(({ printer }) => printer.viewers)]
  const known = new Set(lists.flatMap((list) => Object.keys(list ?? {})))
  for (const who of known) if (!stay.has(who)) await relay.revokeOnSite(siteId, who)
}
