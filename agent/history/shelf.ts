import { decodeLine, encodeLine } from '../disk/checked-line.ts'
import type { Clock } from '../clock.ts'
import { Journal } from '../disk/journal.ts'
import type { KeptFile } from '../disk/kept-file.ts'
import { codeOf } from '../failure-code.ts'
import type { Log } from '../log.ts'
import { waitingChunkSchema, type WaitingChunk } from './waiting-chunk.ts'

/** Where whole chunks wait for the relay, also while no agent runs. */
export interface Shelf {
  /** What an earlier start left, oldest first. */
  readonly left: readonly WaitingChunk[]
  /** One more waits; `all` do now. */
  added(chunk: WaitingChunk, all: readonly WaitingChunk[]): void
  /** The relay has one; `rest` still wait. */
  removed(rest: readonly WaitingChunk[]): void
  /** The agent stops: nothing is tried later. */
  stop(): void
}

export const noShelf: Shelf = { left: [], added: () => {}, removed: () => {}, stop: () => {} }

/**
 * A line a chunk. That the relay has one is written only when it has them all: a chunk that is told
 * again is stored once, and a card in a Raspberry Pi should be written seldom.
 */
export const fileShelf = (file: KeptFile, { clock, log }: { clock: Clock; log: Log }): Shelf => {
  const { left, bytes, damaged } = opened(file, log)
  let waiting: readonly WaitingChunk[] = left
  const journal = new Journal({
    ...{ file, clock, log, what: 'waiting history', bytes, behind: damaged },
    whole: () => waiting.map(encodeLine).join(''),
  })
  return {
    left,
    added: (chunk, all) => {
      waiting = all
      journal.append(encodeLine(chunk))
    },
    removed: (rest) => {
      waiting = rest
      if (rest.length === 0) journal.clear()
    },
    stop: () => journal.stop(),
  }
}

const opened = (file: KeptFile, log: Log) => {
  const nothing = { left: [], bytes: 0 }
  try {
    const text = file.read()
    if (text === undefined) return { ...nothing, damaged: false }
    const lines = text.split('\n')
    // The end of a write that was cut short: it was never said to be kept.
    const torn = lines.pop() !== ''
    const left = lines.flatMap((line) => {
      const parsed = waitingChunkSchema.safeParse(decodeLine(line))
      return parsed.success ? [parsed.data] : []
    })
    const lost = lines.length - left.length
    if (lost > 0)
      log.warn({ path: file.path, lost }, 'waiting history is damaged: so many chunks are lost')
    return { left, bytes: text.length, damaged: torn || lost > 0 }
  } catch (error) {
    log.warn({ path: file.path, code: codeOf(error) }, 'waiting history cannot be read')
    return { ...nothing, damaged: true }
  }
}
