import { agentTokenSchema, printerOfToken } from '../../../protocol/agent-token.ts'
import { sameHash, sha256 } from '../hash.ts'
import { printerKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { printerItemSchema, type PrinterItem } from '../sites/printer-item.ts'
import { readItem } from '../table/read-item.ts'

const secretBytes = 32

/** A new token for a printer's agent, and what is stored in its place. */
export const newAgentToken = (
  printerId: string,
  randomBytes: Ports['randomBytes'],
): { token: string; hash: string } => {
  const secret = Buffer.from(randomBytes(secretBytes)).toString('base64url')
  const token = agentTokenSchema.parse(`frp_${printerId}_${secret}`)
  return { token, hash: sha256(token) }
}

/** The printer, read consistently; one that is being removed is there no more. */
export const readPrinter = async (
  ports: Ports,
  printerId: string,
): Promise<PrinterItem | undefined> => {
  const printer = await readEvenRemoved(ports, printerId)
  return printer?.removed === undefined ? printer : undefined
}

/** The same also while it is being removed: for whoever finishes that. */
export const readEvenRemoved = (
  ports: Ports,
  printerId: string,
): Promise<PrinterItem | undefined> =>
  readItem(ports.directory, printerItemSchema, printerKey(printerId))

/** Whether a token is valid now, and when (ms since 1970) it ends because a newer one was given. */
export type Standing =
  { readonly stands: false } | { readonly stands: true; readonly retireAt: number | undefined }

/** What a version of a token is worth at `now` (ms since 1970). */
export const standingOf = (
  printer: PrinterItem | undefined,
  version: number | undefined,
  now: number,
): Standing => {
  if (!printer || version === undefined) return { stands: false }
  if (!Object.values(printer.tokens).includes(version)) return { stands: false }
  const retireAt = version < printer.version ? printer.retireAt : undefined
  return retireAt === undefined || now < retireAt ? { stands: true, retireAt } : { stands: false }
}

/** The versions of the tokens that work at `now` (ms since 1970), rising. */
export const workingVersions = (printer: PrinterItem, now: number): number[] =>
  Object.values(printer.tokens)
    .filter((version) => standingOf(printer, version, now).stands)
    .sort((a, b) => a - b)

/** The printer and token version that a token stands for; `undefined` when it is not valid. */
export const checkAgentToken = async (
  ports: Ports,
  token: string,
): Promise<{ printerId: string; version: number } | undefined> => {
  const printerId = printerOfToken(token)
  const printer = printerId === undefined ? undefined : await readPrinter(ports, printerId)
  if (printerId === undefined || !printer) return undefined
  const hash = sha256(token)
  const [, version] = Object.entries(printer.tokens).find(([held]) => sameHash(held, hash)) ?? []
  if (version === undefined || !standingOf(printer, version, ports.now()).stands) return undefined
  return { printerId, version }
}

/** Whether a token of this version is still valid, read consistently. */
export const tokenStands = async (
  ports: Ports,
  printerId: string,
  version: number | undefined,
): Promise<boolean> => standingOf(await readPrinter(ports, printerId), version, ports.now()).stands
