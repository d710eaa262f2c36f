import type { Management } from '../../client/management.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import type { SiteList } from '../../protocol/rest-sites.ts'
import { AddPage } from '../joining/add-page.tsx'
import { NoPrinters } from '../list/empty-list.tsx'
import { InvitePage } from '../joining/invite-page.tsx'
import { LeavePrinter } from '../printer/leave-printer.tsx'
import { OwnerLinks } from '../list/owner-links.tsx'
import { PrinterList } from '../list/printer-list.tsx'
import { PrinterPage } from '../printer/printer-page.tsx'
import { quietlyWith } from '../parts/quietly.ts'
import { ownLinkOf } from '../parts/start-client.ts'
import { home, type Route } from './route.ts'
import { SitePage } from '../site/site-page.tsx'
import type { Loaded } from '../parts/use-loaded.ts'

interface PageProps {
  readonly route: Route
  readonly client: RelayClient
  readonly management: Management
  readonly view: ClientView
  readonly sites: Loaded<SiteList>
  readonly signOut: () => void
}

/** What the address says that a person wants to see. */
export const Page = ({ route, client, management, view, sites, signOut }: PageProps) => {
  const quietly = quietlyWith(ownLinkOf(client))
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
