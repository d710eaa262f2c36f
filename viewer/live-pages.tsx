import { useEffect, useRef, useState } from 'preact/hooks'
import type { Management } from '../client/management.ts'
import type { RelayClient } from '../client/relay-client.ts'
import type { ClientView } from '../client/view.ts'
import { AddPage } from './add-page.tsx'
import { NoPrinters } from './empty-list.tsx'
import { InvitePage } from './invite-page.tsx'
import { LeavePrinter } from './leave-printer.tsx'
import { MainMenu } from './main-menu.tsx'
import { Notice } from './notice.tsx'
import { OwnerLinks } from './owner-links.tsx'
import { pageTitle } from './page-title.ts'
import { PrinterList } from './printer-list.tsx'
import { PrinterPage } from './printer-page.tsx'
import { quietlyWith } from './quietly.ts'
import { home, type Route } from './route.ts'
import type { SignIn } from './sign-in.ts'
import { SignOutDialog } from './sign-out-dialog.tsx'
import { SitePage } from './site/site-page.tsx'
import { TopBar } from './top-bar.tsx'
import { useClient } from './use-client.ts'
import { useLoaded, type Loaded } from './use-loaded.ts'
import { useRoute } from './use-route.ts'
import type { SiteList } from '../protocol/rest-sites.ts'
import { useWithdrawn } from './use-withdrawn.ts'
import { endWords } from './words.ts'

interface LivePagesProps {
  readonly client: RelayClient
  readonly management: Management
  readonly signIn: SignIn
  readonly again: () => unknown
}

/** Another page begins at its top, for eyes and for whoever listens. */
const useTop = (page: string) => {
  const main = useRef<HTMLElement>(null)
  const shown = useRef(page)
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [page])
  return main
}

export const LivePages = ({ client, management, signIn, again }: LivePagesProps) => {
  const view = useClient(client)
  const route = useRoute()
  const { why } = view.link
  const { turn, restarting, untold, told } = useWithdrawn(client, why)
  const sites = useLoaded(() => management.sites(), `sites ${turn}`)
  const [ending, setEnding] = useState(false)
  const main = useTop(JSON.stringify(route))
  const title = titleOf(route, view)
  useEffect(() => {
    document.title = title
  }, [title])
  const signOut = () => {
    client.stop()
    void signIn.end()
  }
  useEffect(() => {
    if (why === 'signed_out') void signIn.forget()
  }, [why, signIn])
  if (why !== undefined && !restarting) {
    const { signIn: canSignIn, ...words } = endWords(why)
    const act = canSignIn ? again : () => location.reload()
    const action = canSignIn ? 'Sign in' : 'Reload'
    return <Notice {...words} testId={`ended-${why}`} action={action} act={act} />
  }
  return (
    <>
      <TopBar home={home}>
        <MainMenu
          sites={sites.value?.sites ?? []}
          signOut={signOut}
          signOutEverywhere={() => setEnding(true)}
        />
      </TopBar>
      {ending && (
        <SignOutDialog
          // First the own socket, or its end would be told as news before the sign-out goes on.
          end={() => endEverywhere(client, management)}
          done={() => void signIn.end()}
          close={() => setEnding(false)}
        />
      )}
      <main class="page" tabIndex={-1} ref={main}>
        {untold && <WithdrawnHint told={told} />}
        <Page key={turn} {...{ route, client, management, view, sites, signOut }} />
      </main>
    </>
  )
}

const WithdrawnHint = ({ told }: { readonly told: () => void }) => (
  <div class="hint dismissible" role="status" data-testid="withdrawn">
    <p>
      Your right to watch something was withdrawn, or a printer was removed. This is what is left.
    </p>
    <button type="button" class="plain small" onClick={told}>
      OK
    </button>
  </div>
)

const endEverywhere = async (client: RelayClient, management: Management) => {
  client.stop()
  try {
    await management.endSessions()
  } catch (error) {
    client.start()
    throw error
  }
}

const titleOf = (route: Route, view: ClientView): string => {
  if (route.page === 'printer') return pageTitle(view.printers[route.id])
  if (route.page === 'add') return 'Add a printer · FluxRelay'
  if (route.page === 'site') return 'People and sharing · FluxRelay'
  if (route.page === 'invite') return 'Invitation · FluxRelay'
  return 'FluxRelay'
}

interface PageProps {
  readonly route: Route
  readonly client: RelayClient
  readonly management: Management
  readonly view: ClientView
  readonly sites: Loaded<SiteList>
  readonly signOut: () => void
}

const Page = ({ route, client, management, view, sites, signOut }: PageProps) => {
  const quietly = quietlyWith(client)
  switch (route.page) {
    case 'list':
      return (
        <PrinterList
          {...{ client, view, home }}
          actions={<OwnerLinks sites={sites.value?.sites ?? []} />}
          empty={<NoPrinters sites={sites} />}
        />
      )
    case 'printer': {
      const printer = view.printers[route.id]
      return (
        <>
          <PrinterPage key={route.id} {...{ client, printer, id: route.id, home }} />
          <LeavePrinter {...{ printer, management, quietly }} sites={sites.value?.sites} />
        </>
      )
    }
    case 'add':
      return <AddPage {...{ client, management, sites }} />
    case 'site':
      return (
        <SitePage
          {...{ management, quietly }}
          key={route.id}
          id={route.id}
          changed={sites.reload}
        />
      )
    case 'invite':
      return <InvitePage {...{ management, signOut }} joined={sites.reload} />
    case 'guest':
      // The app has given the page to the guest by now.
      return null
    default:
      return route satisfies never
  }
}
