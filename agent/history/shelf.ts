import { decodeLine, encodeLine } from '../disk/checked-line.ts'
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
}

export const noShelf: Shelf = { left: [], added: () => {}, removed: () => {} }

/** Below so many bytes a file with chunks that the relay has is not worth writing anew. */
const worthRewriting = 65_536

/**
 * A line a chunk. That the relay has one is written only when it has them all: a chunk that is told
 * again is stored once, and a card in a Raspberry Pi should be written seldom.
 */
export const fileShelf = (file: KeptFile, log: Log): Shelf => {
  const { left, bytes: found, damaged } = opened(file, log)
  let bytes = found
  /** The file does not hold what it should. */
  let behind = damaged
  const attempt = (act: () => void) => {
    try {
      act()
      if (behind) log.info({ path: file.path }, 'waiting history is on disk again')
      behind = false
    } catch (error) {
      const told = { path: file.path, code: codeOf(error) }
      if (!behind)
        log.warn(told, 'waiting history cannot be written: it is kept in memory until it can')
      behind = true
    }
  }
  const rewrite = (all: readonly WaitingChunk[]) =>
    attempt(() => {
      const text = all.map(encodeLine).join('')
      file.replace(text)
      bytes = text.length
    })
  return {
    left,
    added: (chunk, all) => {
      if (behind) return rewrite(all)
      const line = encodeLine(chunk)
      attempt(() => {
        file.append(line)
        bytes += line.length
      })
      if (bytes > worthRewriting && !behind) {
        const needed = all.reduce((sum, one) => sum + encodeLine(one).length, 0)
        if (bytes > 2 * needed) rewrite(all)
      }
    },
    removed: (rest) => {
      if (rest.length > 0) return
      attempt(() => {
        file.truncate(0)
        bytes = 0
      })
    },
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
