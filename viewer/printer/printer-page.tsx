import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterSight } from '../../client/view.ts'
import type { ErrorCodeName } from '../../protocol/error-codes.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { HistoryAnswer } from '../../protocol/rest-history.ts'
import { BackLink } from '../parts/back-link.tsx'
import { BadgePill } from '../parts/badge-pill.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { EventsCard } from './events-card.tsx'
import { age } from '../parts/format.ts'
import { Hint } from '../parts/hint.tsx'
import { JobCard } from './job-card.tsx'
import { PrintsCard } from './prints-card.tsx'
import { addState, joined, type Samples } from './samples.ts'
import { TemperatureCards } from './temperature-cards.tsx'
import { unwatchSoon } from './unwatch-soon.ts'
import { useHistory } from './use-history.ts'
import { isStale, octoPrintWords, refusedWords, stateText, toneOf } from '../parts/words.ts'

interface PrinterPageProps {
  readonly client: RelayClient
  readonly id: PrinterId
  readonly printer: PrinterSight | undefined
  /** The list that it is on; undefined where it is all that one sees. */
  readonly home: string | undefined
  /** Only what is read from afar, so that it fits a screen that nobody scrolls. */
  readonly still?: boolean
}

/** Renders again each second, because age and finishing time move though nothing comes. */
const useSecond = () => {
  const [, set] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => set((n) => n + 1), 1000)
    return () => clearInterval(timer)
  }, [])
}

const useSamples = (
  printer: PrinterSight | undefined,
  history: HistoryAnswer | undefined,
): Samples => {
  const samples = useRef<{ relayAt: number; samples: Samples }>({ relayAt: 0, samples: {} })
  const { state, relayAt } = printer ?? {}
  if (state && relayAt !== undefined && relayAt > samples.current.relayAt)
    samples.current = {
      relayAt,
      samples: addState(samples.current.samples, state, relayAt),
    }
  const live = samples.current.samples
  const now = samples.current.relayAt
  return useMemo(() => joined(history, live, now), [history, live, now])
}

export const PrinterPage = ({ client, id, printer, home, still = false }: PrinterPageProps) => {
  useSecond()
  useEffect(() => {
    const watch = client.watch(id)
    return () => unwatchSoon([watch])
  }, [client, id])
  const samples = useSamples(printer, useHistory(client, id))
  return (
    <>
      {home !== undefined && <BackLink href={home}>All printers</BackLink>}
      {printer?.refused ? (
        <Refused why={printer.refused} />
      ) : (
        <Printer {...{ client, id, printer, samples, still }} />
      )}
    </>
  )
}

const Refused = ({ why }: { readonly why: ErrorCodeName }) => {
  const { title, text } = refusedWords(why)
  return (
    <section class="card empty" role="alert" data-testid="refused">
      <h1>{title}</h1>
      <p>{text}</p>
    </section>
  )
}

interface PrinterProps {
  readonly client: RelayClient
  readonly id: PrinterId
  readonly printer: PrinterSight | undefined
  readonly samples: Samples
  readonly still: boolean
}

const Printer = ({ client, id, printer, samples, still }: PrinterProps) => {
  const state = printer?.state
  if (!printer || (!state && !printer.neverSpoke))
    return (
      <div data-testid="loading">
        <span class="unseen" role="status">
          Loading the printer
        </span>
        <Hint testId="trouble">
          {printer?.badge === 'offline'
            ? 'The relay cannot be reached; we keep trying.'
            : undefined}
        </Hint>
        <div class="card skeleton tall" />
        <div class="card skeleton" />
      </div>
    )
  const old = ageOf(client, printer)
  const now = client.relayNow()
  return (
    <article class={isStale(printer) ? 'stale' : ''} data-testid="printer">
      <header class="head">
        <div>
          <h1 dir="auto" data-testid="printer-name">
            {printer.name ?? printer.id}
          </h1>
          <p class={`state big tone-${toneOf(printer)}`} data-testid="state">
            <bdi>{stateText(printer)}</bdi>
          </p>
        </div>
        <div class="freshness">
          <BadgePill badge={printer.badge} live={true} />
          {old !== undefined && (
            <span class="age" data-testid="age">
              Updated {age(old)}
            </span>
          )}
        </div>
      </header>
      <Hint testId="trouble">{troubleText(printer)}</Hint>
      <div class="grid">
        {state && <JobCard state={state} stale={isStale(printer)} />}
        {state && <TemperatureCards temperature={state.temperature} samples={samples} />}
        {!still && <EventsCard events={printer.events} now={now} />}
        {!still && <PrintsCard {...{ client, id, now }} events={printer.events} />}
        {state && !still && <ConnectionCard printer={printer} state={state} />}
      </div>
    </article>
  )
}

const ageOf = (client: RelayClient, { relayAt }: PrinterSight): number | undefined => {
  const now = client.relayNow()
  return relayAt === undefined || now === undefined ? undefined : Math.max(0, now - relayAt)
}

const troubleText = ({ state, badge, neverSpoke, online }: PrinterSight): string | undefined => {
  if (!state && neverSpoke)
    return 'Nothing was heard of this printer yet. Is the agent installed and running beside it?'
  if (badge === 'offline')
    return online
      ? 'The relay cannot be reached. What you see is the last known state; we keep trying.'
      : 'The agent beside the printer is not connected. What you see is the last known state.'
  if (badge === 'reconnecting') return 'Waiting for live data. What you see may be old.'
  const octoprint = state?.connection.octoprint
  return (octoprint && octoPrintWords[octoprint].help) ?? state?.status.error
}
