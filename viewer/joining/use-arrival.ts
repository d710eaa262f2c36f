import { useEffect, useState } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'

/** It is looked for a new printer so often, ms. */
const every = 3_000

export interface Awaited {
  readonly siteId: string
  /** As the relay writes it. */
  readonly name: string
  /** The printers that were there before. */
  readonly known: readonly PrinterId[]
}

/** The printer that appears on a site under a name, looked for while `looking`. */
export const useArrival = (
  client: RelayClient,
  { siteId, name, known }: Awaited,
  looking: boolean,
): PrinterId | undefined => {
  const [arrived, setArrived] = useState<PrinterId | undefined>(undefined)
  const awaiting = looking && arrived === undefined
  useEffect(() => {
    if (!awaiting) return
    let live = true
    const look = async () => {
      if (document.visibilityState !== 'visible') return
      await client.printers().then(
        ({ printers }) => {
          const found = printers.find(
            (one) => one.site.id === siteId && one.name === name && !known.includes(one.id),
          )
          if (live && found) setArrived(found.id)
        },
        // The next look may fare better.
        () => {},
      )
    }
    const timer = setInterval(() => void look(), every)
    return () => {
      live = false
      clearInterval(timer)
    }
  }, [client, siteId, name, known, awaiting])
  return arrived
}
