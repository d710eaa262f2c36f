import { useEffect } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { GuestAnswer } from '../../protocol/rest-shares.ts'
import { EmptyList } from '../list/empty-list.tsx'
import { pageTitle } from '../frame/page-title.ts'
import { PrinterList } from '../list/printer-list.tsx'
import { PrinterPage } from '../printer/printer-page.tsx'
import { guestHome } from '../frame/route.ts'
import { TopBar } from '../frame/top-bar.tsx'
import { useClient } from '../frame/use-client.ts'
import { useWithdrawn } from '../frame/use-withdrawn.ts'
import { useTop } from '../parts/use-top.ts'
import { WithdrawnHint } from '../frame/withdrawn-hint.tsx'
import { GuestEnded } from './guest-ended.tsx'
import { useDisplay } from './use-display.ts'

interface GuestPagesProps {
  readonly client: RelayClient
  readonly answer: GuestAnswer
  readonly secret: string
  /** The printer that was chosen from the list. */
  readonly id: PrinterId | undefined
  /** Opens the link anew. */
  readonly again: () => void
}

/** What a share link shows: a printer, or a list and its printers. */
export const GuestPages = (props: GuestPagesProps) => {
  const { client, answer, secret, again } = props
  const view = useClient(client)
  const id = answer.printerId ?? props.id
  const printer = id === undefined ? undefined : view.printers[id]
  const title = id === undefined ? `${answer.name} · FluxRelay` : pageTitle(printer)
  useEffect(() => {
    document.title = title
  }, [title])
  const { why } = view.link
  // A printer that was removed ends the link's connections too: only the relay knows if it stands.
  const { turn, restarting, untold, told } = useWithdrawn(client, why)
  const over = why !== undefined && !restarting
  // What says that it is over has a button to press.
  useDisplay(answer.display && !over)
  const main = useTop(id ?? '')
  if (over) return <GuestEnded {...{ why, again }} />
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
      <main class="page" tabIndex={-1} ref={main}>
        {/* Nobody presses it away on a wall. */}
        {!answer.display && (
          <WithdrawnHint {...{ untold, told }} focus={() => main.current?.focus()} />
        )}
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
