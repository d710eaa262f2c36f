import { absent, all, type Condition } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { letInToSite } from '../people/let-in.ts'
import { printerKey, printerOfSiteKey, siteKey, siteOfPersonKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import type { Role } from '../../../protocol/rest.ts'

// Mirrors are written before the truth, so that whatever exists can be found by a revocation; a
// mirror without truth is dropped when it is read.

const notThere: Condition = absent('pk')

export interface SiteToMake {
  readonly siteId: string
  readonly name: string
  /** Principal of the first owner. */
  readonly owner: string
}

/** Makes a site with its first owner; one that is there stays as it is. */
export const provisionSite = async (ports: Ports, { siteId, name, owner }: SiteToMake) => {
  const at = ports.now()
  await ports.directory.put({ ...siteOfPersonKey(owner, siteId), at })
  const site = { name, owners: { [owner]: at }, viewers: {} }
  await ports.directory.put({ ...siteKey(siteId), ...site }, notThere)
}

export interface PrinterToMake {
  readonly siteId: string
  readonly printerId: string
  readonly name: string
  /** SHA-256 of the agent's token, as `newAgentToken` gives it. */
  readonly tokenHash: string
}

/** Makes a printer with its first token; one that is there stays as it is. */
export const provisionPrinter = async (ports: Ports, printer: PrinterToMake): Promise<void> => {
  const { siteId, printerId, name, tokenHash } = printer
  await ports.directory.put({ ...printerOfSiteKey(siteId, printerId), at: ports.now() })
  const item = { site: siteId, name, tokens: { [tokenHash]: 1 }, version: 1, viewers: {} }
  await ports.directory.put({ ...printerKey(printerId), ...item }, notThere)
}

/** Whoever runs the relay decides on nothing that was read before, so nothing of it can have changed. */
const anyhow: Condition = all()

/** Gives a person a role on a site, as the operator. */
export const grantOnSite = async (ports: Ports, siteId: string, who: string, role: Role) => {
  if ((await letInToSite(ports, { siteId, who, role }, anyhow)) === 'refused')
    throw new RelayError('not_found', 'No such site.')
}
