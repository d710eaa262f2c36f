import { readEvenRemoved } from '../publishing/agent-token.ts'
import { audit } from './audit.ts'
import { absent, all, present, type Condition } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { requireOwner, requireOwnerOfPrinter } from '../people/grants.ts'
import { printerKey } from '../table/keys.ts'
import type { Person } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { takeAway } from './remove-printer.ts'
import { revokeToken } from '../publishing/revoke.ts'

/** Nobody took it away meanwhile. */
const stillThere: Condition = all(present('pk'), absent('removed'))

export const renamePrinter = async (
  ports: Ports,
  person: Person,
  printerId: string,
  name: string,
): Promise<void> => {
  const { printer } = await requireOwnerOfPrinter(ports, printerId, person.principal)
  const about = `${printer.name} → ${name}`
  await audit(ports, printer.site, { action: 'printer_renamed', by: person, about })
  const change = { set: [['name', name] as const] }
  const outcome = await ports.directory.update(printerKey(printerId), change, stillThere)
  if (outcome === 'refused') throw new RelayError('not_found', 'The printer was just removed.')
}

/** Takes a printer away: its tokens, its viewers, its entries. A repetition finishes it. */
export const removePrinter = async (
  ports: Ports,
  person: Person,
  printerId: string,
): Promise<void> => {
  const printer = await readEvenRemoved(ports, printerId)
  if (printer?.removed === undefined) {
    const { printer: there } = await requireOwnerOfPrinter(ports, printerId, person.principal)
    const about = there.name
    await audit(ports, there.site, { action: 'printer_removed', by: person, about })
  } else await requireOwner(ports, printer.site, person.principal)
  await takeAway(ports, printerId)
}

/** Withdraws one version of a printer's agent token, as an owner. */
export const withdrawToken = async (
  ports: Ports,
  person: Person,
  printerId: string,
  version: number,
): Promise<void> => {
  const { printer } = await requireOwnerOfPrinter(ports, printerId, person.principal)
  const about = `${printer.name}, token ${version}`
  await audit(ports, printer.site, { action: 'token_revoked', by: person, about })
  await revokeToken(ports, printerId, version)
}
