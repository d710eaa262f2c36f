import { useEffect, useState } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { HistoryAnswer } from '../../protocol/rest-history.ts'
import { samplesKept } from './samples.ts'

/** The agent gives its ring away when somebody comes; by then it is there, ms. */
const ringComes = 8_000
/** What the agent stores while it is watched comes by and by, ms. */
const every = 120_000

/** The last minutes of temperatures, as the relay knows them; the old answer while it is asked. */
export const useHistory = (client: RelayClient, id: PrinterId): HistoryAnswer | undefined => {
  const [history, setHistory] = useState<HistoryAnswer | undefined>(undefined)
  useEffect(() => {
    let live = true
    const load = () => {
      if (document.visibilityState !== 'visible') return
      const now = client.relayNow() ?? Date.now()
      client.history(id, { from: Math.max(0, now - samplesKept), resolution: 5_000 }).then(
        (answer) => live && setHistory(answer),
        // The plot goes on with what comes live.
        () => {},
      )
    }
    load()
    const soon = setTimeout(load, ringComes)
    const timer = setInterval(load, every)
    return () => {
      live = false
      clearTimeout(soon)
      clearInterval(timer)
    }
  }, [client, id])
  return history
}
