import type { EndReason } from '../../client/session.ts'
import { Notice } from '../parts/notice.tsx'
import { endWords } from '../parts/words.ts'
import { LinkEnded } from './link-ended.tsx'
import { useAgain } from './use-again.ts'

interface GuestEndedProps {
  readonly why: EndReason
  readonly again: () => void
}

/** Why a guest sees nothing any more. */
export const GuestEnded = (props: GuestEndedProps) =>
  isGone(props.why) ? <LinkEnded again={props.again} /> : <Ended {...props} />

/** Whatever ends a guest's right to look; the link itself is what would have to be given anew. */
const isGone = (why: EndReason): boolean =>
  why === 'secret_not_valid' ||
  why === 'unauthenticated' ||
  why === 'sign_in_required' ||
  why === 'session_expired' ||
  why === 'not_found'

/** What a page on the wall gets over without anybody there, ms. */
const retryMs = 60_000

const Ended = ({ why, again }: GuestEndedProps) => {
  const { title, text } = endWords(why)
  useAgain(again, retryMs)
  return <Notice {...{ title, text }} testId={`ended-${why}`} action="Try again" act={again} />
}
