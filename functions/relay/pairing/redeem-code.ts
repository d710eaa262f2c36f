import type { RedeemCode, RedeemedCode } from '../../../protocol/rest-pairing.ts'
import { newAgentToken, readPrinter } from '../publishing/agent-token.ts'
import { audit } from '../sites/audit.ts'
import { RelayError } from '../errors.ts'
import { readSite, roleOnSite } from '../people/grants.ts'
import { sha256 } from '../hash.ts'
import { pairingKey } from '../table/keys.ts'
import { pairingItemSchema, whoAsked, type PairingItem } from './pairing-item.ts'
import type { Ports } from '../ports.ts'
import { requirePlace } from './pairing.ts'
import { provisionPrinter } from '../sites/provision.ts'
import { takeToken } from '../limits/rate-limit.ts'
import { rateLimits } from '../limits/rate-limits.ts'
import { parseItem } from '../table/read-item.ts'
import { takeOnce } from '../table/take-once.ts'
import { takeAway } from '../sites/remove-printer.ts'
import { revokeToken } from '../publishing/revoke.ts'
import { addToken } from '../publishing/rotate-token.ts'
import { sourceOf } from '../limits/source.ts'

/** A printer's id is in links and paths: short, and not to be guessed. */
const idBytes = 10

/** Uses a code up. `read` parses the request, after the limits. */
export const redeemCode = async (
  ports: Ports,
  address: string,
  read: () => RedeemCode,
): Promise<RedeemedCode> => {
  await takeToken(ports, `pairing#${sourceOf(address)}`, rateLimits.pairing, 'tries of a code')
  await takeToken(ports, 'pairing', rateLimits.pairingOfAll, 'tries of codes')
  const taken = await takeOnce(ports.live, pairingKey(sha256(read().code)), ports.now())
  if (!taken) throw notValid()
  const item = parseItem(pairingItemSchema, taken)
  await requireStillOwner(ports, item)
  return item.printer === undefined
    ? makePrinter(ports, item)
    : giveToken(ports, item, item.printer)
}

/** Unknown, used, too old, or of somebody who may not pair any more: nobody learns which. */
const notValid = (): RelayError =>
  new RelayError('secret_not_valid', 'The code is not valid, or not any more: ask for another.')

const requireStillOwner = async (ports: Ports, { site: siteId, by }: PairingItem) => {
  const site = await readSite(ports, siteId)
  if (!site || roleOnSite(site, by) !== 'owner') throw notValid()
}

const makePrinter = async (ports: Ports, item: PairingItem): Promise<RedeemedCode> => {
  const { site: siteId, name } = item
  await requirePlace(ports, siteId)
  const printerId = Buffer.from(ports.randomBytes(idBytes)).toString('hex')
  const { token, hash } = newAgentToken(printerId, ports.randomBytes)
  await audit(ports, siteId, { action: 'printer_paired', by: whoAsked(item), about: name })
  await provisionPrinter(ports, { siteId, printerId, name, tokenHash: hash })
  await unlessWithdrawn(ports, item, () => takeAway(ports, printerId))
  return { printerId, name, token, rotates: false }
}

const giveToken = async (
  ports: Ports,
  item: PairingItem,
  printerId: string,
): Promise<RedeemedCode> => {
  const printer = await readPrinter(ports, printerId)
  if (printer?.site !== item.site) throw notValid()
  const { token, hash } = newAgentToken(printerId, ports.randomBytes)
  const about = printer.name
  await audit(ports, item.site, { action: 'token_added', by: whoAsked(item), about })
  const { version, rotates } = await addToken(ports, printerId, hash)
  await unlessWithdrawn(ports, item, () => revokeToken(ports, printerId, version))
  return { printerId, name: printer.name, token, rotates }
}

/**
 * Whoever asked may have lost the site while the code was used: what was made for it goes again.
 * The token was shown to nobody yet.
 */
const unlessWithdrawn = async (
  ports: Ports,
  item: PairingItem,
  undo: () => Promise<void>,
): Promise<void> => {
  try {
    await requireStillOwner(ports, item)
  } catch (error) {
    await undo()
    throw error
  }
}
