import { useState } from 'preact/hooks'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import { eventWords } from './event-words.ts'
import { LogList } from '../parts/log-list.tsx'
import { Moment } from '../parts/moment.tsx'

interface EventsCardProps {
  /** Oldest first; undefined before the first page came. */
  readonly events: readonly LoggedEvent[] | undefined
  /** The relay's clock, ms since 1970. */
  readonly now: number | undefined
}

/** What is shown before somebody asks for more. */
const few = 8

export const EventsCard = ({ events, now }: EventsCardProps) => {
  const [all, setAll] = useState(false)
  const newestFirst = [...(events ?? [])].reverse()
  const shown = all ? newestFirst : newestFirst.slice(0, few)
  const hidden = !all && newestFirst.length > few
  const more = hidden ? { press: () => setAll(true), busy: false, error: undefined } : undefined
  return (
    <section class="card events" aria-label="Events" data-testid="events">
      <h2>Events</h2>
      {events === undefined && <p class="muted">Loading…</p>}
      {events?.length === 0 && <p class="muted">Nothing has happened yet.</p>}
      <LogList more={more} label={`Show ${newestFirst.length - few} earlier`}>
        {shown.map((event) => (
          <EventRow key={event.n} event={event} now={now} />
        ))}
      </LogList>
    </section>
  )
}

const EventRow = ({
  event,
  now,
}: {
  readonly event: LoggedEvent
  readonly now: number | undefined
}) => {
  const { text, detail, tone } = eventWords(event.body)
  return (
    <li class={`tone-${tone}`} data-testid={`event-${event.body.type}`}>
      <span class="mark" aria-hidden="true" />
      <span class="what">
        {text}
        {detail !== undefined && (
          <span class="detail" dir="auto">
            {detail}
          </span>
        )}
      </span>
      <Moment at={event.at} now={now} />
    </li>
  )
}
