import type { Withdrawn } from './use-withdrawn.ts'

interface WithdrawnHintProps extends Pick<Withdrawn, 'untold' | 'told'> {
  /** Gives the focus a place: the pressed button goes away. */
  readonly focus: () => void
}

/** Says, until it was read, why there is less to see. */
export const WithdrawnHint = ({ untold, told, focus }: WithdrawnHintProps) => {
  const read = () => {
    told()
    focus()
  }
  return (
    // There before its text is: what comes together with its region is not announced.
    <div role="status">
      {untold && (
        <div class="hint dismissible" data-testid="withdrawn">
          <p>
            Your right to watch something was withdrawn, or a printer was removed. This is what is
            left.
          </p>
          <button type="button" class="plain small" onClick={read}>
            OK
          </button>
        </div>
      )}
    </div>
  )
}
