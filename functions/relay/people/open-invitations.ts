import type { SiteInvitation } from '../../../protocol/rest-sites.ts'
import { invitationsOfSite } from './invitation-item.ts'
import type { Ports } from '../ports.ts'
import type { SiteItem } from '../sites/site-item.ts'

/** The invitations to a site that can still be accepted, the next to run out first. */
export const openInvitations = async (
  ports: Ports,
  siteId: string,
  site: SiteItem,
): Promise<SiteInvitation[]> => {
  const now = ports.now()
  return (await invitationsOfSite(ports, siteId))
    .filter(({ invitation: { until, takenBy } }) => until > now && takenBy === undefined)
    .filter(({ invitation: { by } }) => Object.hasOwn(site.owners, by))
    .sort((a, b) => a.invitation.until - b.invitation.until)
    .map(({ hash, invitation: { role, printer, email, until } }) => ({
      ...{ id: hash, role, until },
      ...(printer !== undefined && { printerId: printer }),
      ...(email !== undefined && { email }),
    }))
}
