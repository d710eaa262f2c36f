import type { SiteInvitation } from '../../../protocol/rest-sites.ts'
import { invitationsOfSite } from './invitation-item.ts'
import { isDone } from './opened-invitation.ts'
import type { Ports } from '../ports.ts'
import type { SiteItem } from '../sites/site-item.ts'

/**
 * The invitations to a site that can still be accepted, the next to run out first; also those whose
 * acceptance broke off half-way, for their takers can complete it.
 */
export const openInvitations = async (
  ports: Ports,
  siteId: string,
  site: SiteItem,
): Promise<SiteInvitation[]> => {
  const now = ports.now()
  return (await invitationsOfSite(ports, siteId))
    .filter(({ invitation: { until, by } }) => until > now && Object.hasOwn(site.owners, by))
    .filter(({ hash, invitation }) => !isDone({ hash, invitation, site, printer: undefined }))
    .sort((a, b) => a.invitation.until - b.invitation.until)
    .map(({ hash, invitation: { role, printer, email, until } }) => ({
      ...{ id: hash, role, until },
      ...(printer !== undefined && { printerId: printer }),
      ...(email !== undefined && { email }),
    }))
}
