import { absent, present, type Condition } from '../table/condition.ts'
import { readPrinter } from '../publishing/agent-token.ts'
import { RelayError } from '../errors.ts'
import {
  printerKey,
  printerOfPersonKey,
  printerOfSiteKey,
  siteKey,
  siteOfPersonKey,
} from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import type { Role } from '../../../protocol/rest.ts'

// Mirrors are written before the truth, so that whatever exists can be found by a revocation; a
// mirror without truth is dropped when it is read.

const notThere: Condition = absent('pk')
const mostViewersOfPrinter = 100

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

/** Gives a person a role on a site. */
export const grantOnSite = async (ports: Ports, siteId: string, who: string, role: Role) => {
  const at = ports.now()
  await ports.directory.put({ ...siteOfPersonKey(who, siteId), at })
  const list = role === 'owner' ? 'owners' : 'viewers'
  const set = [[[list, who], at] as const]
  const change = role === 'owner' ? { set, remove: [['viewers', who] as const] } : { set }
  await mustExist(ports.directory.update(siteKey(siteId), change, present('pk')), 'site')
}

/** Lets a person see a single printer. */
export const grantOnPrinter = async (ports: Ports, printerId: string, who: string) => {
  const at = ports.now()
  const printer = await readPrinter(ports, printerId)
  if (Object.keys(printer?.viewers ?? {}).length >= mostViewersOfPrinter)
    throw new RelayError('bad_request', 'The printer has 100 viewers: let them in to the site.')
  await ports.directory.put({ ...printerOfPersonKey(who, printerId), at })
  const change = { set: [[['viewers', who], at] as const] }
  await mustExist(ports.directory.update(printerKey(printerId), change, present('pk')), 'printer')
}

const mustExist = async (write: Promise<'done' | 'refused'>, what: string): Promise<void> => {
  if ((await write) === 'refused') throw new RelayError('not_found', `No such ${what}.`)
}
