import { useEffect, useState } from 'preact/hooks'
import type { PairingAnswer } from '../../protocol/rest-pairing.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { givenNow, PairingCode, useRemaining, type GivenCode } from '../joining/pairing-code.tsx'
import { useDeed } from '../parts/use-deed.ts'

interface TokenDialogProps {
  readonly ask: () => Promise<PairingAnswer>
  readonly close: () => void
}

/** A code with which the agent of a known printer gets another token. */
export const TokenDialog = ({ ask, close }: TokenDialogProps) => {
  const [code, setCode] = useState<GivenCode | undefined>(undefined)
  const { busy, error, run } = useDeed()
  const load = () => run(async () => givenNow(await ask()), setCode)
  // Once, as the dialog opens.
  useEffect(load, [])
  return (
    <Dialog title="A new token for the agent" close={close}>
      {code && <Code code={code} />}
      {!code && busy && <p class="muted">Loading…</p>}
      <Failure error={error} />
      <p class="fine">
        The token that the agent has now goes on working until the new one connects, at most ten
        minutes.
      </p>
      <div class="buttons">
        {(code !== undefined || error !== undefined) && (
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

const Code = ({ code }: { readonly code: GivenCode }) =>
  useRemaining(code) === 0 ? <p>The code ran out.</p> : <PairingCode code={code} />
