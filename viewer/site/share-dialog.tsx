import { useState } from 'preact/hooks'
import { limits } from '../../protocol/limits.ts'
import type { ShareAnswer } from '../../protocol/rest-shares.ts'
import type { View } from '../../protocol/view.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { ChoiceField, TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { shareLink } from '../frame/route.ts'
import { useDeed } from '../parts/use-deed.ts'
import type { SiteProps } from './site-page.tsx'
import { lifetimesFor, viewWords } from './site-words.ts'

interface ShareDialogProps extends SiteProps {
  readonly close: () => void
}

/** What to share, how much of it and for how long; then, once, the link. */
export const ShareDialog = (props: ShareDialogProps) => {
  const { reload, close } = props
  const [made, setMade] = useState<ShareAnswer | undefined>(undefined)
  const finish = () => {
    close()
    reload()
  }
  return (
    <Dialog
      title={made ? 'The share link is ready' : 'Make a share link'}
      close={made ? finish : close}
    >
      {made ? <Made made={made} close={finish} /> : <Ask {...props} took={setMade} />}
    </Dialog>
  )
}

const week = 7 * 24 * 3_600_000

const Ask = (props: ShareDialogProps & { readonly took: (made: ShareAnswer) => void }) => {
  const { site, owned, management, close, took } = props
  const [name, setName] = useState('')
  const [scope, setScope] = useState('')
  const [view, setView] = useState<View>('basic')
  const [display, setDisplay] = useState(false)
  const [lifetime, setLifetime] = useState(week)
  const { busy, error, run } = useDeed()
  const choices = lifetimesFor(display)
  const within = choices.some(([ms]) => ms === lifetime) ? lifetime : week
  const submit = () => {
    const of = scope === '' ? {} : { printerId: scope }
    const share = { name, view, display, lifetime: within, ...of }
    run(() => management.makeShare(site.id, share), took)
  }
  return (
    <Form {...{ submit, busy, error }} label="Make the link" cancel={close}>
      <TextField
        label="Name"
        hint="So that you know later whom it was for. Guests see it."
        value={name}
        change={setName}
        maxLength={limits.nameText}
        required
        first
      />
      <ChoiceField
        label="Shows"
        value={scope}
        change={setScope}
        choices={[
          ['', 'All printers'],
          ...owned.printers.map((one) => [one.id, one.name] as const),
        ]}
      />
      <ChoiceField
        label="View"
        hint={viewWords[view].shows}
        value={view}
        change={(value) => setView(value === 'full' ? 'full' : 'basic')}
        choices={[
          ['basic', viewWords.basic.text],
          ['full', viewWords.full.text],
        ]}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={display}
          onChange={({ currentTarget }) => setDisplay(currentTarget.checked)}
        />
        For a display on the wall: fills the screen, may live up to a year
      </label>
      <ChoiceField
        label="Ends after"
        value={String(within)}
        change={(value) => setLifetime(Number(value))}
        choices={choices.map(([ms, text]) => [String(ms), text])}
      />
    </Form>
  )
}

const Made = ({ made, close }: { readonly made: ShareAnswer; readonly close: () => void }) => (
  <div class="said">
    <p>Whoever has this link can watch until it ends or you withdraw it. It is shown only now.</p>
    <CopyText name="the link" text={shareLink(location.origin, made.secret)} testId="share-link" />
    <div class="buttons">
      <button type="button" class="primary" onClick={close}>
        Done
      </button>
    </div>
  </div>
)
