import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useDeed } from './use-deed.ts'

interface ConfirmButtonProps {
  /** On the button, and again on the one that does it. */
  readonly label: string
  /** Whom or what it is about, for those who hear one button after the other. */
  readonly about: string
  readonly title: string
  /** What will happen then. */
  readonly children: ComponentChildren
  readonly danger?: boolean
  readonly deed: () => Promise<unknown>
  readonly done: () => void
  /** The id of what gets the focus when it is done; what was pressed may be gone. */
  readonly then?: string
}

/** A button whose deed is asked back for first. */
export const ConfirmButton = (props: ConfirmButtonProps) => {
  const { label, about, title, children, danger = true, deed, done, then } = props
  const [asking, setAsking] = useState(false)
  const { busy, error, run } = useDeed()
  const finish = () => {
    setAsking(false)
    done()
    // Once the dialog is gone: while it is open nothing behind it takes the focus.
    if (then !== undefined) setTimeout(() => document.getElementById(then)?.focus())
  }
  return (
    <>
      <button
        type="button"
        class={`plain small ${danger ? 'danger' : ''}`}
        aria-label={`${label}: ${about}`}
        onClick={() => setAsking(true)}
      >
        {label}
      </button>
      {asking && (
        <Dialog title={title} close={() => setAsking(false)}>
          <div class="said">{children}</div>
          <Failure error={error} />
          <div class="buttons">
            <button type="button" class="plain" onClick={() => setAsking(false)}>
              Cancel
            </button>
            <button
              type="button"
              class={danger ? 'primary bad' : 'primary'}
              disabled={busy}
              onClick={() => run(deed, finish)}
            >
              {label}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
