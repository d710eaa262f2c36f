import { pairingCodeSchema, shownCode } from '../../protocol/pairing-code.ts'
import type { RedeemedCode } from '../../protocol/rest-pairing.ts'
import { ask } from './ask.ts'
import { PairError } from './errors.ts'
import type { FoundRelay } from './find-relay.ts'
import type { PairPorts } from './ports.ts'
import { redeem } from './redeem.ts'

/** So often a person may type a code before it is told as an error. */
const tries = 3

/** The code as it was given, before anything is asked of anybody. */
export const givenCode = (
  { terminal }: PairPorts,
  text: string | undefined,
): string | undefined => {
  if (text !== undefined) return wellFormed(text)
  if (!terminal.interactive)
    throw new PairError(
      'nobody_to_ask',
      'there is no terminal to ask for the code: give it after the address',
    )
  return undefined
}

const wellFormed = (text: string): string => {
  const parsed = pairingCodeSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new PairError(
    'wrong_code',
    `that is no code: it has 8 letters and digits, as ${shownCode('ACDE3467')}, and is shown by "Add a printer" on the page where you watch`,
  )
}

/** Uses the code up; a person who mistyped it is asked again, for OctoPrint's key is at hand. */
export const useCode = async (
  ports: PairPorts,
  relay: FoundRelay,
  given: string | undefined,
): Promise<RedeemedCode> => {
  const { interactive, say } = ports.terminal
  for (let left = tries, code = given; ; left--, code = undefined) {
    try {
      return await redeem(ports, relay, code ?? wellFormed(await typed(ports)))
    } catch (error) {
      const mistyped = error instanceof PairError && error.code === 'wrong_code'
      if (!mistyped || !interactive || left <= 1) throw error
      say(`${error.message}.\n`)
    }
  }
}

const typed = (ports: PairPorts): Promise<string> =>
  ask(ports, 'The code of the printer: ', 'shown')
