import { useEffect } from 'preact/hooks'
import { Notice } from '../parts/notice.tsx'
import { dropPass } from './kept-pass.ts'
import { useAgain } from './use-again.ts'

/** Seldom, ms: most links that ended stay so, but a display should not need somebody to come by. */
const lookAgain = 10 * 60_000

/** Withdrawn, run out, mistyped: a stranger is not told which. */
export const LinkEnded = ({ again }: { readonly again: () => void }) => {
  useAgain(again, lookAgain)
  useEffect(() => {
    document.title = 'FluxRelay'
    dropPass()
  }, [])
  return (
    <Notice
      testId="link-ended"
      title="This link does not work any more"
      text="It ran out, was withdrawn, or is not the whole of it. Ask whoever gave it to you for a new one."
      action="Try again"
      act={again}
    />
  )
}
