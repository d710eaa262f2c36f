import type { Management } from '../../client/management.ts'
import type { SiteView } from '../../protocol/rest-sites.ts'
import { BackLink } from '../parts/back-link.tsx'
import { isForGood } from '../parts/failure-words.ts'
import { LoadFailure } from '../parts/failure.tsx'
import { OldHint } from '../parts/hint.tsx'
import { NameButton } from '../parts/name-button.tsx'
import type { Quietly } from '../parts/quietly.ts'
import { home } from '../frame/route.ts'
import { useLoaded } from '../parts/use-loaded.ts'
import { AuditCard } from './audit-card.tsx'
import { InvitationsCard } from './invitations-card.tsx'
import { LeaveButton } from './leave-button.tsx'
import { PeopleCard } from './people-card.tsx'
import { PrintersCard } from './printers-card.tsx'
import { SharesCard } from './shares-card.tsx'

interface SitePageProps {
  readonly id: string
  readonly management: Management
  readonly quietly: Quietly
  /** The sites of this person, or their names, have changed. */
  readonly changed: () => void
}

/** Guests come and go; this often (ms) it is looked at. */
const every = 20_000

export const SitePage = ({ id, management, quietly, changed }: SitePageProps) => {
  const { value: site, error, reload } = useLoaded(() => management.site(id), id, every)
  return (
    <div class="site">
      <BackLink href={home}>All printers</BackLink>
      {/* Nobody asks again after such a refusal, so what was shown before must go. */}
      {site && !isForGood(error) ? (
        <>
          <OldHint testId="site-old" error={error} />
          <Site {...{ site, management, quietly, changed, reload }} />
        </>
      ) : (
        <>
          <h1>People and sharing</h1>
          <LoadFailure error={error} />
          {error === undefined && <div class="card skeleton" role="status" aria-label="Loading" />}
        </>
      )}
    </div>
  )
}

/** What every card of a site gets. */
export interface SiteProps {
  readonly site: SiteView
  readonly owned: NonNullable<SiteView['owned']>
  readonly management: Management
  readonly quietly: Quietly
  readonly reload: () => void
}

interface SiteOfProps extends Omit<SiteProps, 'owned'> {
  readonly changed: () => void
}

const Site = ({ site, management, quietly, changed, reload }: SiteOfProps) => {
  const { owned } = site
  const renamed = () => {
    reload()
    changed()
  }
  return (
    <>
      <header class="head">
        <h1 dir="auto" data-testid="site-name">
          {site.name}
        </h1>
        {owned && (
          <NameButton
            about="this site"
            title="Rename the site"
            name={site.name}
            rename={(name) => management.renameSite(site.id, name)}
            done={renamed}
          />
        )}
      </header>
      {owned ? (
        <OwnedSite {...{ site, owned, management, quietly, reload, changed }} />
      ) : (
        <section class="card empty">
          <p>You watch the printers of this site. Its owners decide who else does.</p>
          <div class="buttons">
            <LeaveButton {...{ site, management, quietly, changed }} />
          </div>
        </section>
      )}
    </>
  )
}

const OwnedSite = (props: SiteProps & { readonly changed: () => void }) => (
  <div class="cards">
    <PeopleCard {...props} />
    <InvitationsCard {...props} />
    <SharesCard {...props} />
    <PrintersCard {...props} />
    <AuditCard {...props} />
  </div>
)
