import type { PrinterId } from '../protocol/ids.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import { isFresh } from './badge.ts'
import { relayNow } from './relay-clock.ts'
import { entryOf, type Store } from './store.ts'

/** How old the held state is by the relay's clock, ms; undefined while one of them is unknown. */
export const ageOf = (store: Store, id: PrinterId, monotonic: number): number | undefined => {
  const { standing } = entryOf(store, id)
  const relay = relayNow(store.relayClock, monotonic)
  return standing && relay !== undefined ? relay - standing.relayAt : undefined
}

/** Whether the agent is there, but does not send as one that is watched. */
export const needsRaising = (store: Store, id: PrinterId, monotonic: number): boolean => {
  const { online, standing } = entryOf(store, id)
  if (!online) return false
  return standing?.mode === 'idle' || !isFresh(ageOf(store, id, monotonic), standing?.interval)
}

/**
 * How long (ms) these printers may be silent together; undefined: for ever. Of an idle agent no
 * longer than of a watched one: whoever looks has raised it.
 */
export const expectedSilence = (store: Store, ids: readonly PrinterId[]): number | undefined => {
  const intervals = ids
    .map((id) => entryOf(store, id))
    .flatMap(({ online, standing }) => (online && standing ? [standing.interval] : []))
    .map((interval) => Math.min(interval, timeOuts.silenceWatched))
  return intervals.length > 0 ? Math.min(...intervals) : undefined
}
