import type { Caller } from '../../functions/relay/caller.ts'
import type { Actor } from './explore.ts'

/** The handlers of these frames, one after the other. */
export const says = (name: string, caller: Caller, ...frames: object[]): Actor => ({
  name,
  run: async (relay) => {
    for (const frame of frames) await relay.said(caller, JSON.stringify(frame))
  },
})

/** The `$disconnect` of a connection. */
export const leaves = (name: string, caller: Caller): Actor => ({
  name,
  run: (relay) => relay.disconnected(caller),
})

export const mortal = (actor: Actor): Actor => ({ ...actor, mayCrash: true })
