import type { Watcher } from '../../functions/relay/people/person.ts'

/** Somebody whose sign-in ends at `session`, ms since 1970, and began an hour before. */
export const watcherOf = (principal: string, session: number): Watcher => ({
  principal,
  session,
  signedAt: Math.max(0, session - 60 * 60_000),
})
