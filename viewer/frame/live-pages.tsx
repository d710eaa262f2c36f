import { useEffect, useState } from 'preact/hooks'
import type { Management } from '../../client/management.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import { MainMenu } from './main-menu.tsx'
import { Notice } from '../parts/notice.tsx'
import { titleOf } from './page-title.ts'
import { Page } from './page.tsx'
import { endingWith } from '../parts/quietly.ts'
import { home } from './route.ts'
import type { SignIn } from '../signing/sign-in.ts'
import { SignOutDialog } from '../signing/sign-out-dialog.tsx'
import { TopBar } from './top-bar.tsx'
import { ownLinkOf } from '../parts/start-client.ts'
import { useClient } from './use-client.ts'
import { useLoaded } from '../parts/use-loaded.ts'
import { useRoute } from './use-route.ts'
import { useTop } from '../parts/use-top.ts'
import { useWithdrawn } from './use-withdrawn.ts'
import { WithdrawnHint } from './withdrawn-hint.tsx'
import { endWords } from '../parts/words.ts'

interface LivePagesProps {
  readonly client: RelayClient
  readonly management: Management
  readonly signIn: SignIn
  readonly again: () => unknown
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
          end={() => endingWith(ownLinkOf(client))(() => management.endSessions())}
          done={() => void signIn.end()}
          close={() => setEnding(false)}
        />
      )}
      <main class="page" tabIndex={-1} ref={main}>
        <WithdrawnHint {...{ untold, told }} focus={() => main.current?.focus()} />
        <Page key={turn} {...{ route, client, management, view, sites, signOut }} />
      </main>
    </>
  )
}
