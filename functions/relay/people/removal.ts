import type { Change } from '../table/table.ts'
import type { Ports } from '../ports.ts'

/**
 * Marks a site or printer as one from which something was withdrawn: whoever decided to let somebody
 * in before finds another mark, and decides again.
 */
export const newRemoval = (ports: Pick<Ports, 'randomBytes'>): Required<Pick<Change, 'set'>> => ({
  set: [['removal', Buffer.from(ports.randomBytes(12)).toString('base64url')]],
})
