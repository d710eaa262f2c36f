import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Done, ViewerOrder } from './latency-messages.ts'

export interface ViewerProcess {
  obey(order: ViewerOrder): Promise<Done>
  end(): Promise<void>
}

/** Starts the viewers' own process. One order at a time. */
export const viewerProcess = (): ViewerProcess => {
  const child = fork(new URL('./latency-viewers.ts', import.meta.url))
  return {
    obey: async (order) => {
      child.send(order)
      const [done] = (await once(child, 'message')) as [Done]
      return done
    },
    end: async () => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
