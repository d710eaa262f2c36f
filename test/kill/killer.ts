import { setTimeout as pass } from 'node:timers/promises'

interface KillerDeps {
  readonly times: number
  /** From 0 to below 1. */
  readonly random: () => number
  readonly kill: () => Promise<void>
  /** Resolves when the agent next writes to its outbox. */
  readonly nextWrite: () => Promise<void>
  /** Resolves when the viewer is next shown an event: everything is up. */
  readonly nextShown: () => Promise<void>
}

/** The longest wait for a kill at any moment, ms: within it everything is up again. */
const longestWait = 3000
/** How long an event is on its way from the outbox to its confirmation, ms, and a little more. */
const aroundWrite = 40

/** Kills at any moment of a life, its beginning too, or right while an event is on its way. */
export const killOften = async (deps: KillerDeps): Promise<void> => {
  const { times, random, kill, nextShown, nextWrite } = deps
  for (let n = 0; n < times; n++) {
    if (random() < 0.5) await pass(random() * longestWait)
    else {
      await nextShown()
      await nextWrite()
      await pass(random() * aroundWrite)
    }
    await kill()
  }
}
