import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { RequestError } from '../../client/errors.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import { PrinterCard } from './printer-card.tsx'
import { hrefOf } from '../frame/route.ts'
import { unwatchSoon } from '../printer/unwatch-soon.ts'

interface PrinterListProps {
  readonly client: RelayClient
  readonly view: ClientView
  /** What the addresses of printers begin with. */
  readonly home: string
  readonly title?: string
  /** What there is to do beside the title, when there are printers. */
  readonly actions?: ComponentChildren
  /** What is said when there are none. */
  readonly empty: ComponentChildren
  /** Nobody is there to press anything. */
  readonly still?: boolean
}

type Loaded = {
  readonly ids: readonly PrinterId[] | undefined
  readonly failed: string | undefined
}

const retryMs = 5_000
/** A page that stays open for months finds new printers by and by, ms. */
const refreshMs = 5 * 60_000

/** Asks for the list until it comes and now and then, and watches all that is on it. */
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
          const before = watches
          // New ones before the old ones end, or what stays would be left for a moment.
          watches = ids.map((id) => client.watch(id, { events: false }))
          before.forEach((watch) => watch.unwatch())
          setLoaded({ ids, failed: undefined })
          timer = setTimeout(() => void load(), refreshMs)
        },
        (error: unknown) => {
          if (!live) return
          const failed = error instanceof RequestError ? error.code : 'other'
          setLoaded(({ ids }) => ({ ids, failed }))
          timer = setTimeout(() => void load(), retryMs)
        },
      )
    void load()
    return () => {
      live = false
      clearTimeout(timer)
      unwatchSoon(watches)
    }
  }, [client])
  return loaded
}

export const PrinterList = (props: PrinterListProps) => {
  const { client, view, home, title = 'Printers', actions, empty, still = false } = props
  const { ids, failed } = usePrinters(client)
  const printers = ids?.flatMap((id) => view.printers[id] ?? [])
  return (
    <>
      <header class="head">
        <h1 dir="auto">{title}</h1>
        {printers && printers.length > 0 && actions}
      </header>
      {failed !== undefined && (
        <p class="hint" role="status" data-testid="list-failed">
          The relay does not answer; trying again every few seconds.
        </p>
      )}
      {printers === undefined && <Skeletons />}
      {printers?.length === 0 && empty}
      <ul class="printers" data-testid="printer-list">
        {printers?.map((printer) => (
          <li key={printer.id}>
            <PrinterCard printer={printer} href={still ? undefined : hrefOf(printer.id, home)} />
          </li>
        ))}
      </ul>
    </>
  )
}

const Skeletons = () => (
  <div role="status" aria-label="Loading printers" data-testid="loading">
    <div class="card skeleton" />
    <div class="card skeleton" />
  </div>
)
