import { pairingLength, pairingLetters, shownCode } from '../../../protocol/pairing-code.ts'
import type { PairingAnswer } from '../../../protocol/rest-pairing.ts'
import { limits } from '../../../protocol/limits.ts'
import { timeOuts } from '../../../protocol/time-outs.ts'
import { audit } from '../sites/audit.ts'
import { absent, any, less, type Condition } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { everyItem } from '../table/every-item.ts'
import { expirySeconds } from '../table/expiry.ts'
import { requireOwner, requireOwnerOfPrinter } from '../people/grants.ts'
import { sha256 } from '../hash.ts'
import { pairingKey, sitePartition } from '../table/keys.ts'
import type { PairingItem } from './pairing-item.ts'
import { calledName, type Person } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { takeToken } from '../limits/rate-limit.ts'
import { rateLimits } from '../limits/rate-limits.ts'

/** A code with which an agent becomes a new printer of a site. */
export const newPrinterCode = async (
  ports: Ports,
  person: Person,
  siteId: string,
  name: string,
): Promise<PairingAnswer> => {
  await requireOwner(ports, siteId, person.principal)
  await requirePlace(ports, siteId)
  return newCode(ports, person, { site: siteId, name })
}

/** Refuses when a site has as many printers as it may; they are counted by their mirrors. */
export const requirePlace = async (ports: Ports, siteId: string): Promise<void> => {
  const printers = await everyItem(ports.directory, sitePartition(siteId), 'P#')
  if (printers.length < limits.printersPerSite) return
  const message = `The site has ${limits.printersPerSite} printers: remove one first.`
  throw new RelayError('limit_reached', message)
}

/** A code with which an agent gets another token of a printer. */
export const newTokenCode = async (
  ports: Ports,
  person: Person,
  printerId: string,
): Promise<PairingAnswer> => {
  const { printer } = await requireOwnerOfPrinter(ports, printerId, person.principal)
  return newCode(ports, person, { site: printer.site, name: printer.name, printer: printerId })
}

type About = Pick<PairingItem, 'site' | 'name' | 'printer'>

const newCode = async (ports: Ports, person: Person, about: About): Promise<PairingAnswer> => {
  const { principal } = person
  await takeToken(ports, `codes#${principal}`, rateLimits.codes, 'pairing codes')
  await audit(ports, about.site, { action: 'printer_code', by: person, about: about.name })
  const now = ports.now()
  const until = now + timeOuts.pairingCode
  const item = {
    ...{ site: about.site, name: about.name, by: principal, called: calledName(person), until },
    ...(about.printer !== undefined && { printer: about.printer }),
    expiresAt: expirySeconds(until),
  }
  return { code: shownCode(await putUnderCode(ports, item, now)), until, now }
}

/** Nobody else's code that is still good. */
const codeIsFree = (now: number): Condition => any(absent('pk'), less('until', now + 1))

/** Of 78 billion codes two are hardly ever the same. */
const tries = 3

const putUnderCode = async (
  ports: Ports,
  item: PairingItem & { readonly expiresAt: number },
  now: number,
): Promise<string> => {
  for (let left = tries; left > 0; left -= 1) {
    const code = randomCode(ports.randomBytes)
    const key = pairingKey(sha256(code))
    const { printer, ...all } = item
    const stored = { ...key, ...all, ...(printer !== undefined && { printer }) }
    if ((await ports.live.put(stored, codeIsFree(now))) === 'done') return code
  }
  throw new RelayError('unavailable', 'No free pairing code was found: try again.')
}

/** Bytes from here on would make the first letters likelier than the others. */
const fairBelow = 256 - (256 % pairingLetters.length)

/** Letters that are each as likely as the other. */
export const randomCode = (randomBytes: Ports['randomBytes']): string => {
  let code = ''
  while (code.length < pairingLength)
    for (const byte of randomBytes(2 * pairingLength))
      if (byte < fairBelow && code.length < pairingLength)
        code += pairingLetters[byte % pairingLetters.length] ?? ''
  return code
}
