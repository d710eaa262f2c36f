import { useEffect, useState } from 'preact/hooks'
import type { PairingAnswer } from '../../protocol/rest-pairing.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { givenNow, PairingCode, useRemaining, type GivenCode } from '../joining/pairing-code.tsx'
import { useDeed } from '../parts/use-deed.ts'
import { tokenStep, type TokenStep } from './token-step.ts'

interface TokenDialogProps {
  readonly ask: () => Promise<PairingAnswer>
  /** The versions of the printer's tokens, as they are now. */
  readonly tokens: readonly number[]
  /** Looks how they are. */
  readonly look: () => void
  readonly close: () => void
}

/** It is looked so often, ms, whether the agent has its token. */
const every = 4_000

/** A code with which the agent of a known printer gets another token. */
export const TokenDialog = ({ ask, tokens, look, close }: TokenDialogProps) => {
  const [code, setCode] = useState<GivenCode | undefined>(undefined)
  const [before] = useState(tokens)
  const { busy, error, run } = useDeed()
  const load = () => run(async () => givenNow(await ask()), setCode)
  const step = tokenStep(before, tokens)
  const asking = step === 'awaited'
  // Once, as the dialog opens.
  useEffect(load, [])
  useEffect(() => {
    if (step === 'used') return
    const timer = setInterval(look, every)
    return () => clearInterval(timer)
  }, [step, look])
  return (
    <Dialog title={titles[step]} close={close}>
      {asking && code && <Code code={code} />}
      {asking && !code && busy && <p class="muted">Loading…</p>}
      {asking && <Failure error={error} />}
      <p class={asking ? 'fine' : ''} data-testid={`token-${step}`}>
        {means[step]}
      </p>
      <div class="buttons">
        {asking && (code !== undefined || error !== undefined) && (
          <button type="button" class="plain" disabled={busy} onClick={load}>
            New code
          </button>
        )}
        <button type="button" class="primary" onClick={close}>
          Done
        </button>
      </div>
    </Dialog>
  )
}

const titles: Record<TokenStep, string> = {
  awaited: 'A new token for the agent',
  given: 'The agent has its new token',
  used: 'The new token is in use',
}

const means: Record<TokenStep, string> = {
  awaited:
    'The token that the agent has now goes on working until the new one connects, at most ten minutes.',
  given: 'Start the agent, or start it again, so that it connects with the new token.',
  used: 'The agent connected with it. The token that it had before does not work any more.',
}

const Code = ({ code }: { readonly code: GivenCode }) =>
  useRemaining(code) === 0 ? <p>The code ran out.</p> : <PairingCode code={code} />
