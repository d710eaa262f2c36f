import { readPrinter } from './agent-token.ts'
import { agentPrincipal } from '../caller.ts'
import { present } from '../table/condition.ts'
import { endOwner } from './end-owner.ts'
import { RelayError } from '../errors.ts'
import { inParallelEach } from '../in-parallel.ts'
import { printerKey } from '../table/keys.ts'
import { connectionsOf } from '../connections/open-connections.ts'
import type { Ports } from '../ports.ts'
import { readState } from './state-item.ts'

// Every revocation first writes `directory`, then ends what is open, and answers only when both are
// done. Repeating it after a crash finds whatever was left: a connection is closed before the entry
// that names it is deleted.

/** Withdraws one version of a printer's agent token. */
export const revokeToken = async (
  ports: Ports,
  printerId: string,
  version: number,
): Promise<void> => {
  const printer = await readPrinter(ports, printerId)
  if (!printer) throw new RelayError('not_found', 'No such printer.', { printerId })
  const hashes = Object.keys(printer.tokens).filter((hash) => printer.tokens[hash] === version)
  const remove = hashes.map((hash) => ['tokens', hash] as const)
  if (remove.length > 0)
    await ports.directory.update(printerKey(printerId), { remove }, present('pk'))
  await endOwner(ports, printerId, (held) => held === version)
  await endOthers(ports, printerId)
}

const endsAtOnce = 8

/**
 * Also what is connected and owns nothing: it would hold places that the next token needs. Which
 * token brought it is on no record, so nothing is said to it: one that has another dials again.
 */
const endOthers = async (ports: Ports, printerId: string): Promise<void> => {
  const open = await connectionsOf(ports, agentPrincipal(printerId))
  const state = await readState(ports, printerId)
  const others = open.filter((id) => state?.st === 'off' || id !== state?.conn)
  await inParallelEach(others, endsAtOnce, (id) => ports.sender.close(id))
}
