import type { Management } from '../../client/management.ts'
import type { PrinterSight } from '../../client/view.ts'
import type { SiteList } from '../../protocol/rest-sites.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import type { Quietly } from '../parts/quietly.ts'
import { home } from '../frame/route.ts'

interface LeavePrinterProps {
  readonly printer: PrinterSight | undefined
  readonly management: Management
  readonly quietly: Quietly
  readonly sites: SiteList['sites'] | undefined
}

/** For who was let in to this printer alone; of a whole site one leaves on its own page. */
export const LeavePrinter = ({ printer, management, quietly, sites }: LeavePrinterProps) => {
  if (!printer || printer.refused || printer.role !== 'viewer' || sites === undefined) return null
  const { id, site } = printer
  if (sites.some((one) => one.id === site?.id)) return null
  const name = printer.name ?? id
  return (
    <p class="below">
      <ConfirmButton
        label="Stop watching this printer"
        about={name}
        title={`Stop watching ${name}?`}
        deed={() => quietly(() => management.leavePrinter(id))}
        done={() => {
          location.hash = home
        }}
      >
        <p>It leaves your list. Only an owner can invite you again.</p>
      </ConfirmButton>
    </p>
  )
}
