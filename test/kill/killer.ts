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
/** From an event's line in the outbox to its place in the log, ms, and a little more. */
const aroundWrite = 20
/** The viewer is told of an event just before the agent gets its confirmation, ms. */
const aroundConfirmation = 3

/** Kills at any moment of a life, its beginning too, or right while an event is on its way. */
export const killOften = async (deps: KillerDeps): Promise<void> => {
  for (let n = 0; n < deps.times; n++) {
    await rightMoment(deps)
    await deps.kill()
  }
}

const rightMoment = async ({ random, nextShown, nextWrite }: KillerDeps): Promise<void> => {
  const kind = random()
  if (kind < 0.5) return pass(random() * longestWait)
  await nextShown()
  if (kind < 0.75) return pass(random() * aroundConfirmation)
  await nextWrite()
  return pass(random() * aroundWrite)
}
