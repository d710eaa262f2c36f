import type { Management } from '../../client/management.ts'
import type { SiteView } from '../../protocol/rest-sites.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import type { Quietly } from '../parts/quietly.ts'
import { home } from '../frame/route.ts'

interface LeaveButtonProps {
  readonly site: SiteView
  readonly management: Management
  readonly quietly: Quietly
  readonly changed: () => void
}

export const LeaveButton = ({ site, management, quietly, changed }: LeaveButtonProps) => (
  <ConfirmButton
    label="Leave"
    about={site.name}
    title={`Leave ${site.name}?`}
    deed={() => quietly(() => management.leaveSite(site.id))}
    done={() => {
      changed()
      location.hash = home
    }}
  >
    <p>You will not see its printers any more. Only an owner can invite you again.</p>
  </ConfirmButton>
)
