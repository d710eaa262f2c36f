import { useState } from 'preact/hooks'
import type { Invite, InviteAnswer } from '../../protocol/rest-invitations.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { ChoiceField, TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { invitationLink } from '../frame/route.ts'
import { useDeed } from '../parts/use-deed.ts'
import type { SiteProps } from './site-page.tsx'
import { accountWords, roleWords } from './site-words.ts'

interface InviteDialogProps extends SiteProps {
  readonly close: () => void
}

/** Whom to invite as what; then, once, the link to give them. */
export const InviteDialog = (props: InviteDialogProps) => {
  const { reload, close } = props
  const [made, setMade] = useState<InviteAnswer | undefined>(undefined)
  const finish = () => {
    close()
    reload()
  }
  return (
    <Dialog
      title={made ? 'The invitation is ready' : 'Invite somebody'}
      close={made ? finish : close}
    >
      {made ? <Made made={made} close={finish} /> : <Ask {...props} took={setMade} />}
    </Dialog>
  )
}

const Ask = (props: InviteDialogProps & { readonly took: (made: InviteAnswer) => void }) => {
  const { site, owned, management, close, took } = props
  const [as, setAs] = useState('viewer')
  const [email, setEmail] = useState('')
  const { busy, error, run } = useDeed()
  const submit = () => run(() => management.invite(site.id, inviteOf(as, email)), took)
  return (
    <Form {...{ submit, busy, error }} label="Invite" cancel={close}>
      <ChoiceField
        label="As"
        {...(as === 'owner' || as === 'viewer' ? { hint: roleWords[as].means } : {})}
        value={as}
        change={setAs}
        choices={[
          ['viewer', 'Viewer of all printers'],
          ...owned.printers.map(({ id, name }) => [`printer ${id}`, `Viewer of ${name}`] as const),
          ['owner', 'Owner'],
        ]}
      />
      <TextField
        label="E-mail address (optional)"
        hint="Only who signs in with it can accept. Without it, whoever gets the link first."
        keys="email"
        like={anAddress}
        value={email}
        change={setEmail}
        maxLength={254}
      />
    </Form>
  )
}

/** The relay's own rule; a field with the type of e-mail would refuse other scripts. */
const anAddress = {
  pattern: String.raw`\s*[^\s@<>,;]+@[^\s@<>,;]+\s*`,
  said: 'One address, such as name@example.org',
}

const inviteOf = (as: string, email: string): Invite => {
  const to = email.trim() === '' ? {} : { email: email.trim() }
  if (as === 'owner' || as === 'viewer') return { role: as, ...to }
  return { role: 'viewer', printerId: as.replace('printer ', ''), ...to }
}

const Made = ({ made, close }: { readonly made: InviteAnswer; readonly close: () => void }) => (
  <div class="said">
    <p>Give them this link. It is shown only now and works once, for seven days.</p>
    <CopyText
      name="the link"
      text={invitationLink(location.origin, made.secret)}
      testId="invitation-link"
    />
    {made.account && <p>{accountWords[made.account.state]}</p>}
    {made.account?.link !== undefined && (
      <CopyText name="the account link" text={made.account.link} testId="account-link" />
    )}
    <div class="buttons">
      <button type="button" class="primary" onClick={close}>
        Done
      </button>
    </div>
  </div>
)
