import { useEffect, useState } from 'preact/hooks'
import type { RelayClient } from '../client/relay-client.ts'
import type { ClientView } from '../client/view.ts'
import { Notice } from './notice.tsx'
import { pageTitle } from './page-title.ts'
import { PrinterList } from './printer-list.tsx'
import { PrinterPage } from './printer-page.tsx'
import { routeOf, type Route } from './route.ts'
import type { SignIn } from './sign-in.ts'
import { TopBar } from './top-bar.tsx'
import { endWords } from './words.ts'

interface LivePagesProps {
  readonly client: RelayClient
  readonly signIn: SignIn
  readonly again: () => unknown
}

const useRoute = (): Route => {
  const [route, setRoute] = useState(() => routeOf(location.hash))
  useEffect(() => {
    const look = () => setRoute(routeOf(location.hash))
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [])
  return route
}

/** Starts the client with the page, and tells it whether anybody looks and when the network is back. */
const useClient = (client: RelayClient): ClientView => {
  const [view, setView] = useState(client.state())
  useEffect(() => {
    const seen = () => client.setVisible(document.visibilityState === 'visible')
    const online = () => client.hurry()
    const forget = client.subscribe(setView)
    client.start()
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

export const LivePages = ({ client, signIn, again }: LivePagesProps) => {
  const view = useClient(client)
  const route = useRoute()
  const open = route.page === 'printer' ? view.printers[route.id] : undefined
  const title = pageTitle(open)
  useEffect(() => {
    document.title = title
  }, [title])
  const { why } = view.link
  if (why !== undefined) {
    const { signIn: canSignIn, ...words } = endWords(why)
    const act = canSignIn ? again : () => location.reload()
    const action = canSignIn ? 'Sign in' : 'Reload'
    return <Notice {...words} testId={`ended-${why}`} action={action} act={act} />
  }
  return (
    <>
      <TopBar signOut={() => void signIn.end()} />
      <main class="page">
        {route.page === 'list' ? (
          <PrinterList client={client} view={view} />
        ) : (
          <PrinterPage key={route.id} client={client} id={route.id} printer={open} />
        )}
      </main>
    </>
  )
}
