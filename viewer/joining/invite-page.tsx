import { RequestError } from '../../client/errors.ts'
import type { Management } from '../../client/management.ts'
import type { InvitationView } from '../../protocol/rest-invitations.ts'
import { Failure, LoadFailure } from '../parts/failure.tsx'
import { remaining } from '../parts/format.ts'
import { dropInvitation } from './invitation.ts'
import { useInvitation } from './use-invitation.ts'
import { home, hrefOf } from '../frame/route.ts'
import { roleWords } from '../site/site-words.ts'
import { useDeed } from '../parts/use-deed.ts'
import { useLoaded } from '../parts/use-loaded.ts'

interface InvitePageProps {
  readonly management: Management
  /** What one may see has changed. */
  readonly joined: () => void
  readonly signOut: () => void
}

export const InvitePage = ({ management, joined, signOut }: InvitePageProps) => {
  const secret = useInvitation()
  return (
    <div class="narrow">
      <h1>Invitation</h1>
      {secret === undefined ? (
        <NotWhole />
      ) : (
        <Invitation key={secret} {...{ management, secret, joined, signOut }} />
      )}
    </div>
  )
}

const NotWhole = () => (
  <section class="card empty" role="alert" data-testid="invitation-missing">
    <h2>There is no invitation here</h2>
    <p>Open the link of your invitation again, the whole of it; or ask for a new one.</p>
    <a href={home}>To your printers</a>
  </section>
)

const Invitation = ({
  management,
  secret,
  joined,
  signOut,
}: InvitePageProps & { readonly secret: string }) => {
  const invitation = useLoaded(() => management.lookAtInvitation(secret), secret)
  const { busy, error, run } = useDeed()
  const { value } = invitation
  const accept = () =>
    run(
      () => management.acceptInvitation(secret),
      ({ printerId }) => {
        dropInvitation()
        joined()
        location.hash = printerId === undefined ? home : hrefOf(printerId)
      },
    )
  const refused = [invitation.error, error].find(isOver)
  if (refused) return <Refused signOut={signOut} />
  if (!value)
    return invitation.error === undefined ? (
      <div class="card skeleton" role="status" aria-label="Loading" />
    ) : (
      <LoadFailure error={invitation.error} />
    )
  return (
    <section class="card empty" data-testid="invitation">
      <p>You are invited to</p>
      <h2 class="what">
        <bdi>{value.printer ?? value.site}</bdi>
      </h2>
      <p>{meaning(value)}</p>
      <Failure error={error} />
      <div class="buttons">
        <a class="button plain" href={home} onClick={dropInvitation}>
          Not now
        </a>
        <button type="button" class="primary" disabled={busy} onClick={accept}>
          Accept
        </button>
      </div>
      <p class="fine">The invitation ends in {remaining(value.until - value.now)}.</p>
    </section>
  )
}

const meaning = ({ printer, site, role }: InvitationView): string =>
  printer === undefined ? roleWords[role].means : `One printer of the site ${site}.`

const isOver = (error: unknown) =>
  error instanceof RequestError &&
  (error.code === 'secret_not_valid' || error.code === 'not_found' || error.code === 'not_admitted')

/** All these cases get the same answer, on purpose; so they get the same page. */
const Refused = ({ signOut }: { readonly signOut: () => void }) => (
  <section class="card empty" role="alert" data-testid="invitation-refused">
    <h2>This invitation does not work</h2>
    <p>
      It was used already, withdrawn, is older than a week, or is for another e-mail address than
      the one you signed in with.
    </p>
    <p>Sign in with the invited address, or ask for a new invitation.</p>
    <div class="buttons">
      <a class="button plain" href={home} onClick={dropInvitation}>
        To your printers
      </a>
      <button type="button" class="primary" onClick={signOut}>
        Sign in as somebody else
      </button>
    </div>
  </section>
)
