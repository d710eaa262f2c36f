import { useState } from 'preact/hooks'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { remaining } from '../parts/format.ts'
import { Entry, SiteCard } from '../parts/card.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import type { SiteProps } from './site-page.tsx'
import { roleWords } from './site-words.ts'

const id = 'invitations'

export const InvitationsCard = (props: SiteProps) => {
  const { site, owned, management, reload } = props
  const [asking, setAsking] = useState(false)
  const nameOf = (printerId: string | undefined) =>
    owned.printers.find((printer) => printer.id === printerId)?.name ?? 'a printer'
  return (
    <SiteCard
      id={id}
      title="Invitations"
      action={
        <button type="button" class="plain small" onClick={() => setAsking(true)}>
          Invite somebody
        </button>
      }
    >
      {asking && <InviteDialog {...props} close={() => setAsking(false)} />}
      {owned.invitations.length === 0 && <p class="muted">Nobody is invited at the moment.</p>}
      <ul class="entries">
        {owned.invitations.map((one) => (
          <Entry
            key={one.id}
            title={one.email ?? 'Whoever has the link'}
            testId="invitation-entry"
            facts={[
              [
                one.printerId === undefined
                  ? roleWords[one.role].text
                  : `Viewer of ${nameOf(one.printerId)}`,
                `${remaining(Math.max(0, one.until - site.now))} left`,
              ].join(' · '),
            ]}
          >
            <ConfirmButton
              label="Withdraw"
              about={one.email ?? 'the invitation by link'}
              title="Withdraw this invitation?"
              deed={() => management.withdrawInvitation(site.id, one.id)}
              done={reload}
              then={id}
            >
              <p>Its link will not work any more.</p>
            </ConfirmButton>
          </Entry>
        ))}
      </ul>
    </SiteCard>
  )
}
