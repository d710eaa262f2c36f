import { userPrincipal } from '../../functions/relay/caller.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import { readSite, roleOnSite } from '../../functions/relay/grants.ts'
import type { Account } from '../issuer/accounts.ts'

/** How often (ms) a running relay looks at the accounts' file. */
export const accountsEveryMs = 2_000

interface Followed {
  readonly siteId: string
  readonly people: () => Promise<readonly Account[]>
}

/**
 * Makes the site's people those who have an account: who is new is let in, as owner where there is
 * none, and who is gone is let go, with their open connections, before the promise resolves.
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
    const principals = (await people()).map(({ sub }) => userPrincipal(sub))
    const wish = JSON.stringify(principals)
    // Nobody at all is a file that was taken away: the owner stays until the next start says so.
    if (wish === done || principals.length === 0) return
    await letIn(relay, siteId, principals)
    await letGo(relay, siteId, new Set(principals))
    done = wish
  }
}

const letIn = async (relay: Relay, siteId: string, principals: readonly string[]) => {
  const site = await readSite(relay.ports, siteId)
  const roles = principals.map((who) => site && roleOnSite(site, who))
  const owned = roles.includes('owner')
  for (const [index, who] of principals.entries()) {
    if (index === 0 && !owned) await relay.grantOnSite(siteId, who, 'owner')
    else if (roles[index] === undefined) await relay.grantOnSite(siteId, who, 'viewer')
  }
}

const letGo = async (relay: Relay, siteId: string, stay: ReadonlySet<string>) => {
  const site = await readSite(relay.ports, siteId)
  const known = new Set([...Object.keys(site?.owners ?? {}), ...Object.keys(site?.viewers ?? {})])
  for (const who of known) if (!stay.has(who)) await relay.revokeOnSite(siteId, who)
}
