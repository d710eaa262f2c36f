import * as z from 'zod/mini'
import { printOutcomes, type PrintRecord } from '../../../protocol/rest-prints.ts'
import { absent, any, equal, type Condition } from '../table/condition.ts'
import { expirySeconds, keptFor } from '../table/expiry.ts'
import { printKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'

export const printItemSchema = z.object({
  outcome: z.enum(printOutcomes),
  /** The record as JSON. */
  record: z.string(),
  expiresAt: z.number(),
})

/** A late beginning never replaces the end; a record ends once, and always in the same way. */
const whenBegun: Condition = absent('pk')
const whenEnded: Condition = any(absent('pk'), equal('outcome', 'running'))

/** Writes these records. Repeating it changes nothing, in whatever order handlers come to it. */
export const keepPrints = async (
  ports: Ports,
  printerId: string,
  records: readonly PrintRecord[],
): Promise<void> => {
  for (const record of records) {
    const { n, outcome, start, end } = record
    const until = (end ?? start ?? ports.now()) + (ports.keepPrintsMs ?? keptFor.print)
    const item = {
      ...printKey(printerId, n),
      ...{ outcome, record: JSON.stringify(record), expiresAt: expirySeconds(until) },
    }
    await ports.directory.put(item, outcome === 'running' ? whenBegun : whenEnded)
  }
}
