import { useEffect, useState } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import { startClient, tellVisible } from '../parts/start-client.ts'

/** Starts the client with the page, and tells it whether anybody looks and when the network is back. */
export const useClient = (client: RelayClient): ClientView => {
  const [view, setView] = useState(client.state())
  useEffect(() => {
    const seen = () => tellVisible(client)
    const online = () => client.hurry()
    const forget = client.subscribe(setView)
    startClient(client)
    document.addEventListener('visibilitychange', seen)
    addEventListener('online', online)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('online', online)
      forget()
      client.stop()
    }
  }, [client])
  return view
}
