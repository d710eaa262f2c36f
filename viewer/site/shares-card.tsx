import { useState } from 'preact/hooks'
import type { SiteShare } from '../../protocol/rest-sites.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { remaining } from '../parts/format.ts'
import { Entry, SiteCard } from '../parts/card.tsx'
import { ShareDialog } from './share-dialog.tsx'
import type { SiteProps } from './site-page.tsx'
import { viewWords } from './site-words.ts'

const id = 'shares'

export const SharesCard = (props: SiteProps) => {
  const { site, owned, management, reload } = props
  const [asking, setAsking] = useState(false)
  return (
    <SiteCard
      id={id}
      title="Share links"
      action={
        <button type="button" class="plain small" onClick={() => setAsking(true)}>
          Make a share link
        </button>
      }
    >
      {asking && <ShareDialog {...props} close={() => setAsking(false)} />}
      {owned.shares.length === 0 && (
        <p class="muted">
          None. With a share link anybody can watch for a while, without an account.
        </p>
      )}
      <ul class="entries">
        {owned.shares.map((share) => (
          <Entry key={share.id} title={share.name} testId="share" facts={factsOf(share, props)}>
            <ConfirmButton
              label="Withdraw"
              about={share.name}
              title={`Withdraw “${share.name}”?`}
              deed={() => management.revokeShare(site.id, share.id)}
              done={reload}
              then={id}
            >
              <p>Everybody who watches by this link stops seeing anything within seconds.</p>
            </ConfirmButton>
          </Entry>
        ))}
      </ul>
    </SiteCard>
  )
}

const factsOf = (
  { printerId, view, display, until, guests }: SiteShare,
  { site, owned }: SiteProps,
): string[] => {
  const printer = owned.printers.find((one) => one.id === printerId)?.name
  const scope = printerId === undefined ? 'All printers' : (printer ?? 'One printer')
  const kind = display ? ['Display'] : []
  return [
    [scope, `${viewWords[view].text} view`, ...kind].join(' · '),
    [
      `${remaining(Math.max(0, until - site.now))} left`,
      guests === 0 ? 'nobody watches' : guests === 1 ? '1 guest watches' : `${guests} guests watch`,
    ].join(' · '),
  ]
}
