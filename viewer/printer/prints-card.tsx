import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { PrintRecord } from '../../protocol/rest-prints.ts'
import { outcomeWords, reasonWords } from './event-words.ts'
import { degrees, duration, metres } from '../parts/format.ts'
import { LoadFailure } from '../parts/failure.tsx'
import { LogList } from '../parts/log-list.tsx'
import { Moment } from '../parts/moment.tsx'
import { usePrints } from './use-prints.ts'

interface PrintsCardProps {
  readonly client: RelayClient
  readonly id: PrinterId
  /** They tell when the list is another; undefined before the first page of them came. */
  readonly events: readonly LoggedEvent[] | undefined
  readonly now: number | undefined
}

export const PrintsCard = ({ events, ...rest }: PrintsCardProps) => (
  <section class="card" aria-label="Prints" data-testid="prints">
    <h2>Prints</h2>
    {events ? <Prints {...rest} events={events} /> : <p class="muted">Loading…</p>}
  </section>
)

type PrintsProps = PrintsCardProps & { readonly events: readonly LoggedEvent[] }

const Prints = ({ client, id, events, now }: PrintsProps) => {
  const { items, error, more } = usePrints(client, id, events)
  return (
    <>
      {!items && error === undefined && <p class="muted">Loading…</p>}
      {items?.length === 0 && <p class="muted">Nothing was printed yet.</p>}
      <LoadFailure error={error} />
      <LogList more={more} label="Show earlier">
        {items?.map((print) => (
          <PrintRow key={print.n} print={print} now={now} />
        ))}
      </LogList>
    </>
  )
}

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
