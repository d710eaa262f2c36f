import { all } from '../../functions/relay/table/condition.ts'
import { letInToPrinter } from '../../functions/relay/people/let-in.ts'
import type { Ports } from '../../functions/relay/ports.ts'

class NotGrantedError extends Error {}

/** Lets a person see a single printer without an invitation. */
export const grantOnPrinter = async (
  ports: Ports,
  printerId: string,
  who: string,
): Promise<void> => {
  const outcome = await letInToPrinter(ports, { printerId, who }, all())
  if (outcome !== 'done') throw new NotGrantedError(`${printerId} is not there for ${who}`)
}
