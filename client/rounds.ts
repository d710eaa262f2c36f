import type { ClientDeps } from './deps.ts'

export interface RoundsDeps extends Pick<ClientDeps, 'clock' | 'random'> {
  /** Between two rounds, ms, ± a fifth at random. */
  readonly pace: number
  /** Whether there is anything to ask for now. */
  readonly due: () => boolean
  /** Asks for all of it; says how long (ms) the next round has to wait at least. */
  readonly ask: () => Promise<number>
}

/** One round of requests at a time, as long as one is due. */
export interface Rounds {
  /** What is due may have changed. */
  readonly look: () => void
  readonly stop: () => void
}

export const createRounds = ({ clock, random, pace, due, ask }: RoundsDeps): Rounds => {
  let busy = false
  let run = 0
  let cancel = () => {}

  const round = async (mine: number) => {
    const wait = await ask()
    if (mine !== run) return
    const pause = Math.max(Math.ceil(pace * (0.8 + 0.4 * random())), wait)
    cancel = clock.after(pause, () => {
      busy = false
      look()
    })
  }
  const look = () => {
    if (busy || !due()) return
    busy = true
    void round(run)
  }
  return {
    look,
    stop: () => {
      run++
      busy = false
      cancel()
    },
  }
}
