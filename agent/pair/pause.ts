import { stopped } from './ask.ts'
import type { PairPorts } from './ports.ts'

/** Waits so long (ms), or until Ctrl-C ends it all. */
export const pause = ({ clock, signal }: PairPorts, ms: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const onStop = () => {
      cancel()
      reject(stopped())
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onStop)
      resolve()
    })
    if (signal.aborted) onStop()
    else signal.addEventListener('abort', onStop, { once: true })
  })
