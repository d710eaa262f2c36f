import { age, moment } from './format.ts'

interface MomentProps {
  /** ms since 1970 by the relay's clock. */
  readonly at: number
  readonly now: number | undefined
}

/** When something was: how long ago, and for whoever asks, exactly. */
export const Moment = ({ at, now }: MomentProps) => (
  <time dateTime={new Date(at).toISOString()} title={moment(at)}>
    {now === undefined ? moment(at) : age(Math.max(0, now - at))}
  </time>
)
