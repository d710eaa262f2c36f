import type { PrintRecord } from '../../protocol/rest-prints.ts'
import { outcomeWords, reasonWords } from './event-words.ts'
import { degrees, duration, metres } from '../parts/format.ts'
import { Moment } from '../parts/moment.tsx'
import type { Prints } from './use-prints.ts'

interface PrintsCardProps extends Prints {
  readonly now: number | undefined
}

export const PrintsCard = ({ prints, failed, more, now }: PrintsCardProps) => (
  <section class="card" aria-label="Prints" data-testid="prints">
    <h2>Prints</h2>
    {prints === undefined && !failed && <p class="muted">Loading…</p>}
    {failed && <p class="muted">The list of prints cannot be had now.</p>}
    {prints?.length === 0 && <p class="muted">Nothing was printed yet.</p>}
    <ol class="log">
      {prints?.map((print) => (
        <PrintRow key={print.n} print={print} now={now} />
      ))}
    </ol>
    {more && (
      <button type="button" class="quiet more" onClick={more}>
        Show earlier
      </button>
    )}
  </section>
)

const PrintRow = ({
  print,
  now,
}: {
  readonly print: PrintRecord
  readonly now: number | undefined
}) => {
  const { text, tone } = outcomeWords(print)
  const at = print.end ?? print.start
  return (
    <li class={`tone-${tone}`} data-testid={`print-${print.outcome}`}>
      <span class="mark" aria-hidden="true" />
      <span class="what">
        <span dir="auto">{print.name ?? 'A print'}</span>
        <span class="detail">{[text, ...factsOf(print)].join(' · ')}</span>
      </span>
      {at !== undefined && <Moment at={at} now={now} />}
    </li>
  )
}

/** How long, how much, how hot: what is known of it. */
const factsOf = ({ start, end, printTime, filament, highest, reason }: PrintRecord): string[] => {
  const took = printTime ?? (start !== undefined && end !== undefined ? end - start : undefined)
  const length = filament?.reduce((sum, mm) => sum + mm, 0)
  const hottest = Object.values(highest ?? {})
  return [
    ...(reason && reason !== 'cancelled' ? [reasonWords[reason]] : []),
    ...(took !== undefined ? [duration(took)] : []),
    ...(length ? [metres(length)] : []),
    ...(hottest.length > 0 ? [`up to ${degrees(Math.max(...hottest))} °C`] : []),
  ]
}
