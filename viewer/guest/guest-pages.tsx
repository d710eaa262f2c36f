import { useEffect } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { GuestAnswer } from '../../protocol/rest-shares.ts'
import { EmptyList } from '../list/empty-list.tsx'
import { Notice } from '../parts/notice.tsx'
import { pageTitle } from '../frame/page-title.ts'
import { PrinterList } from '../list/printer-list.tsx'
import { PrinterPage } from '../printer/printer-page.tsx'
import { guestHome } from '../frame/route.ts'
import { TopBar } from '../frame/top-bar.tsx'
import { useClient } from '../frame/use-client.ts'
import { useWithdrawn } from '../frame/use-withdrawn.ts'
import { endWords } from '../parts/words.ts'
import { LinkEnded } from './link-ended.tsx'
import { useDisplay } from './use-display.ts'

interface GuestPagesProps {
  readonly client: RelayClient
  readonly answer: GuestAnswer
  readonly secret: string
  /** The printer that was chosen from the list. */
  readonly id: PrinterId | undefined
}

/** What a share link shows: a printer, or a list and its printers. */
export const GuestPages = (props: GuestPagesProps) => {
  const { client, answer, secret } = props
  const view = useClient(client)
  const id = answer.printerId ?? props.id
  const printer = id === undefined ? undefined : view.printers[id]
  const title = id === undefined ? `${answer.name} · FluxRelay` : pageTitle(printer)
  useDisplay(answer.display)
  useEffect(() => {
    document.title = title
  }, [title])
  const { why } = view.link
  // A printer that was removed ends the link's connections too: only the relay knows if it stands.
  const { turn, restarting } = useWithdrawn(client, why)
  if (why !== undefined && !restarting) return isGone(why) ? <LinkEnded /> : <Ended why={why} />
  const home = guestHome(secret)
  return (
    <>
      {!answer.display && (
        <TopBar home={home}>
          <span class="shared" data-testid="shared">
            Shared by link
          </span>
        </TopBar>
      )}
      <main class="page">
        {id === undefined ? (
          <PrinterList
            key={turn}
            {...{ client, view, home }}
            title={answer.name}
            still={answer.display}
            empty={
              <EmptyList>
                <p>There is nothing to watch here at the moment.</p>
              </EmptyList>
            }
          />
        ) : (
          <PrinterPage
            key={id}
            {...{ client, id, printer }}
            still={answer.display}
            home={answer.printerId === undefined ? home : undefined}
          />
        )}
      </main>
    </>
  )
}

type Why = NonNullable<ClientView['link']['why']>

/** Whatever ends a guest's right to look; the link itself is what would have to be given anew. */
const isGone = (why: Why): boolean =>
  why === 'access_revoked' ||
  why === 'secret_not_valid' ||
  why === 'unauthenticated' ||
  why === 'sign_in_required' ||
  why === 'session_expired' ||
  why === 'not_found'

/** What a page on the wall gets over without anybody there, ms. */
const reloadMs = 60_000

const Ended = ({ why }: { readonly why: Why }) => {
  const { title, text } = endWords(why)
  useEffect(() => {
    const timer = setTimeout(() => location.reload(), reloadMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Notice
      {...{ title, text }}
      testId={`ended-${why}`}
      action="Reload"
      act={() => location.reload()}
    />
  )
}
