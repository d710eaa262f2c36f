import { useEffect, useState } from 'preact/hooks'
import type { Management } from '../../client/management.ts'
import type { AuditPage } from '../../protocol/rest-audit.ts'
import type { SiteView } from '../../protocol/rest-sites.ts'
import { useDeed } from '../parts/use-deed.ts'
import { withEarlier, withNewest } from './audit-pages.ts'

export interface Audit {
  /** Newest first; undefined before the first page came. */
  readonly page: AuditPage | undefined
  /** Why the last request failed; undefined when it did not. */
  readonly error: unknown
  readonly busy: boolean
  /** Brings earlier ones. */
  readonly more: () => void
}

/** Who did what: asked for with each answer about the site, so also after each deed. */
export const useAudit = (management: Management, site: SiteView): Audit => {
  const [page, setPage] = useState<AuditPage | undefined>(undefined)
  const [failure, setFailure] = useState<unknown>(undefined)
  const { busy, error, run } = useDeed()
  useEffect(() => {
    let live = true
    management.audit(site.id).then(
      (newest) => {
        if (!live) return
        setPage((old) => withNewest(old, newest))
        setFailure(undefined)
      },
      (why: unknown) => live && setFailure(why),
    )
    return () => {
      live = false
    }
  }, [management, site])
  const more = () =>
    run(
      () => management.audit(site.id, page?.before),
      (earlier) => setPage((old) => withEarlier(old, earlier)),
    )
  return { page, error: failure ?? error, busy, more }
}
