import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { PrintPage, PrintRecord } from '../../protocol/rest-prints.ts'
import { usePages, type Paged } from '../parts/use-pages.ts'
import { useLoaded } from '../parts/use-loaded.ts'

/** The number of the last event that changes a record: when it rises, the list is asked for anew. */
const turnOf = (events: readonly LoggedEvent[]): number =>
  events.findLast(({ body }) => /^job_(?:started|complete|failed)$/.test(body.type))?.n ?? 0

const pagesOf = ({ prints, before }: PrintPage) => ({ items: prints, before })

/** The list of prints, kept up with the events, and lengthened by page when asked. */
export const usePrints = (
  client: RelayClient,
  id: PrinterId,
  events: readonly LoggedEvent[],
): Paged<PrintRecord> => {
  const newest = useLoaded(() => client.prints(id).then(pagesOf), `${id} ${turnOf(events)}`)
  const earlier = (before: number) => client.prints(id, before).then(pagesOf)
  return usePages(newest, earlier, ({ n }) => n)
}
