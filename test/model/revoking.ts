import { expect } from 'vitest'
import type { Caller } from '../../functions/relay/caller.ts'
import type { Actor } from './explore.ts'
import { keyframeOf, startOfTime, type World } from './world.ts'

/** So long (ms) after the answer of a revocation nothing may reach whom it is about. */
export const grace = 5000

/** A revocation, repeated until it answers; what comes after is as late as can be. */
export const revokes = (world: World, revoke: Actor['run']): Actor => ({
  name: 'revoke',
  mayCrash: true,
  run: async (relay, ports) => {
    await revoke(relay, ports)
    world.clock.now += grace
  },
})

/** Nothing reaches the viewer any more, neither from handlers on their way nor from new frames. */
export const silentSince =
  (world: World, viewer: Caller, agent: Caller, revoke: () => Promise<void>) =>
  async ({ crashed }: { crashed: ReadonlySet<string> }): Promise<void> => {
    // A revocation that died did not answer; the operator repeats it.
    if (crashed.has('revoke')) {
      await revoke()
      world.clock.now += grace
    }
    await world.said(agent, keyframeOf(9))
    const late = world.posts.filter(
      ({ to, at }) => to === viewer.connectionId && at >= startOfTime + grace,
    )
    expect(late.filter(({ text }) => !text.includes('"error"'))).toEqual([])
  }
