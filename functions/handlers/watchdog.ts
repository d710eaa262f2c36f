import type { Relay } from '../relay/create-relay.ts'

/** Each minute, by the scheduler. A failure is retried by the next minute. */
export const watchdogHandler = (relay: Pick<Relay, 'ports' | 'watch'>) => (): Promise<void> =>
  relay.watch()
