import type { Management } from '../../client/management.ts'
import type { AuditEntry, AuditPage } from '../../protocol/rest-audit.ts'
import type { SiteView } from '../../protocol/rest-sites.ts'
import { usePages, type Paged } from '../parts/use-pages.ts'
import { useLoaded } from '../parts/use-loaded.ts'

const pagesOf = ({ entries, before }: AuditPage) => ({ items: entries, before })

/** Who did what: asked for with each answer about the site, so also after each deed. */
export const useAudit = (management: Management, { id, now }: SiteView): Paged<AuditEntry> => {
  const newest = useLoaded(() => management.audit(id).then(pagesOf), `${id} ${now}`)
  const earlier = (before: string) => management.audit(id, before).then(pagesOf)
  return usePages(newest, earlier, (entry) => entry.id)
}
