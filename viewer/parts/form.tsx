import type { ComponentChildren } from 'preact'
import { Failure } from './failure.tsx'

interface FormProps {
  readonly submit: () => void
  readonly label: string
  readonly busy: boolean
  readonly error: unknown
  readonly cancel?: () => void
  readonly children: ComponentChildren
}

/** Fields and what is done with them; the page itself is never sent anywhere. */
export const Form = ({ submit, label, busy, error, cancel, children }: FormProps) => (
  <form
    class="form"
    onSubmit={(event) => {
      event.preventDefault()
      submit()
    }}
  >
    {children}
    <Failure error={error} />
    <div class="buttons">
      {cancel && (
        <button type="button" class="plain" onClick={cancel}>
          Cancel
        </button>
      )}
      <button type="submit" class="primary" disabled={busy}>
        {label}
      </button>
    </div>
  </form>
)
