import { agentTokenSchema, printerOfToken } from '../../protocol/agent-token.ts'
import { sameHash, sha256 } from './hash.ts'
import { printerKey } from './keys.ts'
import type { Ports } from './ports.ts'
import { printerItemSchema, type PrinterItem } from './printer-item.ts'
import { readItem } from './read-item.ts'

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

export const readPrinter = (ports: Ports, printerId: string): Promise<PrinterItem | undefined> =>
  readItem(ports.directory, printerItemSchema, printerKey(printerId))

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
  return version === undefined ? undefined : { printerId, version }
}

/** Whether a token of this version is still valid, read consistently. */
export const tokenStands = async (
  ports: Ports,
  printerId: string,
  version: number | undefined,
): Promise<boolean> => {
  const printer = await readPrinter(ports, printerId)
  return version !== undefined && Object.values(printer?.tokens ?? {}).includes(version)
}
