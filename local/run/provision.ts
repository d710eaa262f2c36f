import { userPrincipal } from '../../functions/relay/caller.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import { notePerson } from '../../functions/relay/people/person-item.ts'
import { sha256 } from '../../functions/relay/hash.ts'
import { StartError } from '../errors.ts'
import { demoViewer, listUsers } from '../issuer/accounts.ts'
import { accountGrants } from './account-grants.ts'
import type { Home } from './home.ts'

interface Provisions {
  readonly home: Home
  readonly printerName: string
  readonly loopback: boolean
  readonly issuerDir: string
}

/**
 * The site, its people and the printer of this installation. On loopback that is the demo account,
 * which leaves the others' rights alone; elsewhere the accounts that were added, of which the first
 * owns the site. Answers what takes later changes of the accounts over.
 */
export const provision = async (
  relay: Relay,
  { home, printerName, loopback, issuerDir }: Provisions,
): Promise<() => Promise<void>> => {
  const added = (await listUsers(issuerDir)).filter(({ invited }) => !invited)
  const people = loopback ? [demoViewer] : added
  const owner = people[0] && userPrincipal(people[0].sub)
  if (owner === undefined)
    throw new StartError(
      'no_accounts',
      'nobody could sign in: add yourself first with: npm run account -- add you@example.org',
    )
  const { siteId, printerId, agentToken } = home
  await relay.provisionSite({ siteId, name: 'Home', owner })
  await relay.provisionPrinter({
    siteId,
    printerId,
    name: printerName,
    tokenHash: sha256(agentToken),
  })
  if (loopback) {
    await relay.grantOnSite(siteId, owner, 'owner')
    await notePerson(relay.ports, siteId, { who: owner, name: demoViewer.name })
    return async () => undefined
  }
  const follow = accountGrants(relay, { siteId, people: () => listUsers(issuerDir) })
  await follow()
  return follow
}
