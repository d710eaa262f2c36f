import { useEffect, useState } from 'preact/hooks'
import { shownCode } from '../../protocol/pairing-code.ts'
import type { PairingAnswer } from '../../protocol/rest-pairing.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { countdown } from '../parts/format.ts'

/** A code as it was given, and when (by this page's monotonic clock, ms). */
export interface GivenCode {
  readonly answer: PairingAnswer
  readonly at: number
}

export const givenNow = (answer: PairingAnswer): GivenCode => ({ answer, at: performance.now() })

/** How long (ms) a code still works; 0: it ran out. */
const remainingOf = ({ answer, at }: GivenCode): number =>
  Math.max(0, answer.until - answer.now - (performance.now() - at))

/** The same, second by second. */
export const useRemaining = (code: GivenCode): number => {
  const [remaining, set] = useState(() => remainingOf(code))
  useEffect(() => {
    const look = () => set(remainingOf(code))
    look()
    const timer = setInterval(look, 1000)
    return () => clearInterval(timer)
  }, [code])
  return remaining
}

/** What is typed on the printer's host. */
const pairCommand = (origin: string): string => `fluxrelay-agent pair ${origin}`

/** The code, how long it works, and what to do with it. */
export const PairingCode = ({ code }: { readonly code: GivenCode }) => {
  const remaining = useRemaining(code)
  return (
    <div class="pairing">
      <p>On the computer beside your printer, run this:</p>
      <CopyText name="the command" text={pairCommand(location.origin)} testId="pair-command" />
      <p class="fine">
        Where the agent is the one file that you built, it begins with{' '}
        <code>node fluxrelay-agent.cjs pair</code>.
      </p>
      <p>It asks for this code:</p>
      <CopyText name="the code" text={codeOf(code.answer)} testId="pairing-code" big />
      <p class="fine">
        The code works once, for another <span role="timer">{countdown(remaining)}</span>. Whoever
        has it can pair in your place: give it to nobody else.
      </p>
    </div>
  )
}

/** However the relay writes it. */
const codeOf = ({ code }: PairingAnswer) => (code.includes('-') ? code : shownCode(code))
