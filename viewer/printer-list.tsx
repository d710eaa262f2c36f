import { useEffect, useState } from 'preact/hooks'
import { RequestError } from '../client/errors.ts'
import type { RelayClient } from '../client/relay-client.ts'
import type { ClientView, PrinterSight } from '../client/view.ts'
import type { PrinterId } from '../protocol/ids.ts'
import { BadgePill } from './badge-pill.tsx'
import { degrees, duration, percent } from './format.ts'
import { heatersOf } from './heaters.ts'
import { ProgressBar } from './progress-bar.tsx'
import { hrefOf } from './route.ts'
import { isStale, stateText, toneOf } from './words.ts'

interface PrinterListProps {
  readonly client: RelayClient
  readonly view: ClientView
}

type Loaded = {
  readonly ids: readonly PrinterId[] | undefined
  readonly failed: string | undefined
}

const retryMs = 5_000

/** Asks for the list until it comes, and watches all that is on it. */
const usePrinters = (client: RelayClient): Loaded => {
  const [loaded, setLoaded] = useState<Loaded>({ ids: undefined, failed: undefined })
  useEffect(() => {
    let live = true
    let timer: ReturnType<typeof setTimeout> | undefined
    let watches: { unwatch(): void }[] = []
    const load = () =>
      client.printers().then(
        ({ printers }) => {
          if (!live) return
          const ids = printers.map(({ id }) => id)
          watches = ids.map((id) => client.watch(id, { events: false }))
          setLoaded({ ids, failed: undefined })
        },
        (error: unknown) => {
          if (!live) return
          setLoaded({
            ids: undefined,
            failed: error instanceof RequestError ? error.code : 'other',
          })
          timer = setTimeout(() => void load(), retryMs)
        },
      )
    void load()
    return () => {
      live = false
      clearTimeout(timer)
      watches.forEach((watch) => watch.unwatch())
    }
  }, [client])
  return loaded
}

export const PrinterList = ({ client, view }: PrinterListProps) => {
  const { ids, failed } = usePrinters(client)
  const printers = ids?.flatMap((id) => view.printers[id] ?? [])
  return (
    <>
      <h1>Printers</h1>
      {failed !== undefined && (
        <p class="hint" role="status" data-testid="list-failed">
          The relay does not answer; trying again every few seconds.
        </p>
      )}
      {printers === undefined && <Skeletons />}
      {printers?.length === 0 && <Empty />}
      <ul class="printers" data-testid="printer-list">
        {printers?.map((printer) => (
          <li key={printer.id}>
            <PrinterCard printer={printer} />
          </li>
        ))}
      </ul>
    </>
  )
}

const PrinterCard = ({ printer }: { readonly printer: PrinterSight }) => {
  const { completion, printTimeLeft } = printer.state?.progress ?? {}
  const job = printer.state?.job
  const temperatures = heatersOf(printer.state?.temperature ?? {})
    .flatMap(({ name, actual }) => (actual === undefined ? [] : [`${name} ${degrees(actual)} °C`]))
    .join(' · ')
  return (
    <a
      class={`card row ${isStale(printer) ? 'stale' : ''}`}
      href={hrefOf(printer.id)}
      data-testid="printer-card"
    >
      <span class="row-head">
        <strong class="name" dir="auto">
          {printer.name ?? printer.id}
        </strong>
        <BadgePill badge={printer.badge} live={false} />
      </span>
      <span class={`state tone-${toneOf(printer)}`}>
        <bdi>{stateText(printer)}</bdi>
      </span>
      {job?.name !== undefined && (
        <span class="file" dir="auto">
          {job.display ?? job.name}
        </span>
      )}
      {temperatures.length > 0 && (
        <span class="temperatures" dir="auto">
          {temperatures}
        </span>
      )}
      {completion !== undefined && (
        <>
          <ProgressBar completion={completion} />
          <span class="row-foot">
            <span>{percent(completion)}</span>
            {printTimeLeft !== undefined && <span>{duration(printTimeLeft)} left</span>}
          </span>
        </>
      )}
    </a>
  )
}

const Skeletons = () => (
  <div role="status" aria-label="Loading printers" data-testid="loading">
    <div class="card skeleton" />
    <div class="card skeleton" />
  </div>
)

const Empty = () => (
  <section class="card empty" data-testid="empty-list">
    <h2>No printers yet</h2>
    <p>
      Install the FluxRelay agent on the computer beside your printer and give it a token of this
      relay. The printer then appears here by itself. If somebody else owns it, ask to be invited.
    </p>
  </section>
)
