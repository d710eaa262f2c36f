import type { ComponentChildren } from 'preact'
import { failureWords } from './failure-words.ts'

interface HintProps {
  readonly testId: string
  /** Nothing, or what is to be known now. */
  readonly children: ComponentChildren
}

/** News of the page. Its region is always there: what comes together with one is not announced. */
export const Hint = ({ testId, children }: HintProps) => (
  <div role="status">
    {children !== undefined && (
      <p class="hint" data-testid={testId}>
        {children}
      </p>
    )}
  </div>
)

/** Says that what is shown could not be asked for anew, and why. */
export const OldHint = ({
  testId,
  error,
}: {
  readonly testId: string
  readonly error: unknown
}) => (
  <Hint testId={testId}>
    {error === undefined ? undefined : `${failureWords(error)} What you see may be old.`}
  </Hint>
)
