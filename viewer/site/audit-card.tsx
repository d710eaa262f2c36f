import { useState } from 'preact/hooks'
import type { AuditEntry } from '../../protocol/rest-audit.ts'
import { LoadFailure } from '../parts/failure.tsx'
import { LogList } from '../parts/log-list.tsx'
import { Moment } from '../parts/moment.tsx'
import { SiteCard } from '../parts/card.tsx'
import type { SiteProps } from './site-page.tsx'
import { auditWords } from './site-words.ts'
import { useAudit } from './use-audit.ts'

/** Who did what, newest first: kept up with the site, lengthened page by page. */
export const AuditCard = ({ site, management }: SiteProps) => {
  const [shown, setShown] = useState(false)
  return (
    <SiteCard
      id="audit"
      title="What was changed"
      action={
        <button
          type="button"
          class="plain small"
          aria-expanded={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      }
    >
      <p class="muted">Who invited, shared, paired and withdrew in the last 90 days.</p>
      {shown && <Entries {...{ site, management }} />}
    </SiteCard>
  )
}

const Entries = ({ site, management }: Pick<SiteProps, 'site' | 'management'>) => {
  const { items, error, more } = useAudit(management, site)
  return (
    <>
      {!items && error === undefined && <p class="muted">Loading…</p>}
      {items?.length === 0 && <p class="muted">Nothing yet.</p>}
      <LoadFailure error={error} />
      <LogList class="audit" more={more} label="Show earlier">
        {items?.map((entry) => (
          <AuditRow key={entry.id} entry={entry} now={site.now} />
        ))}
      </LogList>
    </>
  )
}

const AuditRow = ({ entry, now }: { readonly entry: AuditEntry; readonly now: number }) => (
  <li>
    <span class="what">
      {auditWords[entry.action]}: <bdi>{entry.about}</bdi>
      <span class="detail">
        by <bdi>{entry.by}</bdi>
      </span>
    </span>
    <Moment at={entry.at} now={now} />
  </li>
)
