import { useEffect, useRef, useState } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'

export interface Withdrawn {
  /** Rises when something was withdrawn: what was loaded before is not right any more. */
  readonly turn: number
  /** The link ended for that reason, and begins anew. */
  readonly restarting: boolean
  /** Whether it is still to be told. */
  readonly untold: boolean
  readonly told: () => void
}

/** Twice within this, ms, is no accident: then it is over. */
const tooSoon = 5_000

/**
 * The relay ends the whole connection of whoever loses a printer, and most have others: the client
 * begins anew with what is left.
 */
export const useWithdrawn = (client: RelayClient, why: ClientView['link']['why']): Withdrawn => {
  const [turn, setTurn] = useState(0)
  const [untold, setUntold] = useState(false)
  const last = useRef(-Infinity)
  const restarting = why === 'access_revoked' && performance.now() - last.current >= tooSoon
  useEffect(() => {
    if (!restarting) return
    last.current = performance.now()
    setUntold(true)
    setTurn((n) => n + 1)
    client.start()
  }, [restarting, client])
  return { turn, restarting, untold, told: () => setUntold(false) }
}
