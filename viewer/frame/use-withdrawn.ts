import { useEffect, useRef, useState } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import { startClient } from '../parts/start-client.ts'
import { restartIn } from './restart-in.ts'

export interface Withdrawn {
  /** Rises when something was withdrawn: what was loaded before is not right any more. */
  readonly turn: number
  /** The link ended for that reason, and begins anew. */
  readonly restarting: boolean
  /** Whether it is still to be told. */
  readonly untold: boolean
  readonly told: () => void
}

/**
 * The relay ends the whole connection of whoever loses a printer, and most have others: the client
 * begins anew with what is left. That nothing is, only the next ticket or list can say.
 */
export const useWithdrawn = (client: RelayClient, why: ClientView['link']['why']): Withdrawn => {
  const [turn, setTurn] = useState(0)
  const [untold, setUntold] = useState(false)
  const last = useRef<number | undefined>(undefined)
  const restarting = why === 'access_revoked'
  useEffect(() => {
    if (!restarting) return
    const begin = () => {
      last.current = performance.now()
      setUntold(true)
      setTurn((n) => n + 1)
      startClient(client)
    }
    const timer = setTimeout(begin, restartIn(last.current, performance.now()))
    return () => clearTimeout(timer)
  }, [restarting, client])
  return { turn, restarting, untold, told: () => setUntold(false) }
}
