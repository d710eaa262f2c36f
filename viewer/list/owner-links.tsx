import type { SiteList } from '../../protocol/rest-sites.ts'
import { addHref, hrefOfSite } from '../frame/route.ts'

/** What owners do besides watching. */
export const OwnerLinks = ({ sites }: { readonly sites: SiteList['sites'] }) => {
  const [first, ...others] = sites.filter(({ role }) => role === 'owner')
  if (!first) return null
  return (
    <div class="buttons">
      {others.length === 0 && (
        <a class="button plain" href={hrefOfSite(first.id)}>
          People and sharing
        </a>
      )}
      <a class="button primary" href={addHref} data-testid="add-printer">
        Add a printer
      </a>
    </div>
  )
}
