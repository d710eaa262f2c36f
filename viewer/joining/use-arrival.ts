import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import { useLoaded } from '../parts/use-loaded.ts'
import { arrivedIn, type Awaited } from './arrival.ts'

/** It is looked for a new printer so often, ms. */
const every = 3_000
/** The same once its code ran out: the agent may have used it in the last moment. */
const everyAfterwards = 20_000

/** The printer that appears on a site under a name. */
export const useArrival = (
  client: RelayClient,
  awaited: Awaited,
  over: boolean,
): PrinterId | undefined => {
  const { siteId, name } = awaited
  const wait = over ? everyAfterwards : every
  const { value } = useLoaded(() => client.printers(), `${siteId} ${name}`, wait)
  return value && arrivedIn(value.printers, awaited)
}
