import type { HistoryChunk } from '../../../protocol/history-chunk.ts'
import { absent, any, less, type Condition } from '../table/condition.ts'
import { expirySeconds, keptFor } from '../table/expiry.ts'
import { historyKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'

/** A chunk grows while it runs; a shorter one that comes late never replaces a longer. */
const longerOnly = (length: number): Condition => any(absent('pk'), less('length', length))

/**
 * Keeps one chunk of temperature history: of the process start that sends it, or of an earlier one
 * on the same host, whose chunk waited on its disk.
 */
export const storeHistory = async (
  ports: Ports,
  printerId: string,
  sender: string,
  { inst: instance = sender, chunk, age, step, length, columns }: HistoryChunk,
): Promise<void> => {
  const now = ports.now()
  const t0 = Math.max(0, now - age)
  const item = {
    ...historyKey(printerId, t0, instance, chunk),
    ...{ t0, inst: instance, chunk },
    step,
    length,
    columns: JSON.stringify(columns),
    expiresAt: expirySeconds(t0 + keptFor.history),
  }
  await ports.directory.put(item, longerOnly(length))
}
