import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import { PrinterCard } from './printer-card.tsx'
import { isForGood } from '../parts/failure-words.ts'
import { LoadFailure } from '../parts/failure.tsx'
import { OldHint } from '../parts/hint.tsx'
import { useLoaded } from '../parts/use-loaded.ts'
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

/** A page that stays open for months finds new printers by and by, ms. */
const refreshMs = 5 * 60_000

/** Watches all that is on the list; what stays on a newer one is not left for a moment. */
const useWatched = (client: RelayClient, ids: readonly PrinterId[] | undefined) => {
  useEffect(() => {
    const watches = (ids ?? []).map((id) => client.watch(id, { events: false }))
    return () => unwatchSoon(watches)
    // The list is another array with each answer, mostly of the same printers.
  }, [client, ids?.join()])
}

export const PrinterList = (props: PrinterListProps) => {
  const { client, view, home, title = 'Printers', actions, empty, still = false } = props
  const { value, error } = useLoaded(() => client.printers(), 'printers', refreshMs)
  // Nobody asks again after such a refusal, so what was shown before must go.
  const ids = isForGood(error) ? undefined : value?.printers.map(({ id }) => id)
  useWatched(client, ids)
  const printers = ids?.flatMap((id) => view.printers[id] ?? [])
  return (
    <>
      <header class="head">
        <h1 dir="auto">{title}</h1>
        {printers && printers.length > 0 && actions}
      </header>
      <OldHint testId="list-old" error={printers && error} />
      {!printers && <LoadFailure error={error} />}
      {!printers && error === undefined && <Skeletons />}
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
