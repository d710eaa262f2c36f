import { useEffect } from 'preact/hooks'
import { Notice } from '../parts/notice.tsx'
import { dropPass } from './kept-pass.ts'

/** Withdrawn, run out, mistyped: a stranger is not told which. */
export const LinkEnded = () => {
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
      act={() => location.reload()}
    />
  )
}
