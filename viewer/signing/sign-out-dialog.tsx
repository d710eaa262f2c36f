import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { useDeed } from '../parts/use-deed.ts'

interface SignOutDialogProps {
  /** Ends every sign-in of this person at the relay. */
  readonly end: () => Promise<void>
  readonly done: () => void
  readonly close: () => void
}

export const SignOutDialog = ({ end, done, close }: SignOutDialogProps) => {
  const { busy, error, run } = useDeed()
  return (
    <Dialog title="Sign out everywhere?" close={close}>
      <p>Every browser and device on which you are signed in here stops showing printers.</p>
      <Failure error={error} />
      <div class="buttons">
        <button type="button" class="plain" onClick={close}>
          Cancel
        </button>
        <button type="button" class="primary" disabled={busy} onClick={() => run(end, done)}>
          Sign out everywhere
        </button>
      </div>
    </Dialog>
  )
}
