import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { KeptFile } from '../disk/kept-file.ts'
import { codeOf } from '../failure-code.ts'
import { readOutbox, type OutboxContent } from './read-outbox.ts'

interface Opened extends Pick<OutboxContent, 'events' | 'memory'> {
  /** Undefined when nothing can be kept on disk. */
  readonly files: KeptFile | undefined
  readonly fileBytes: number
  /** The file must be written anew before anything is added to it. */
  readonly stale: boolean
  /** At least so many events went with damaged lines. */
  readonly lost: number
}

const nothing = { events: [], memory: undefined, fileBytes: 0, stale: false, lost: 0 }

/**
 * Takes in what an earlier start left. The end of a write that was cut short is cut off; what is
 * damaged otherwise is never written over: it gets another name and a line in the log.
 */
export const openOutbox = (
  files: KeptFile | undefined,
  { clock, log }: { clock: Clock; log: Log },
): Opened => {
  if (!files) return { ...nothing, files }
  let text: string | undefined
  try {
    text = files.read()
  } catch (error) {
    const why = `the outbox cannot be read (${codeOf(error)})`
    return { ...nothing, files: putAside(files, clock, log, why) }
  }
  if (text === undefined || text === '') return { ...nothing, files }
  const { events, memory, wholeBytes, damagedLines, isOutbox } = readOutbox(text)
  if (damagedLines > 0 || !isOutbox) {
    const left = putAside(files, clock, log, 'the outbox is damaged')
    const lost = isOutbox ? damagedLines : Math.max(1, damagedLines)
    return { files: left, events, memory, fileBytes: 0, stale: true, lost }
  }
  // What follows the last whole line was never finished, so it was never sent either.
  const stale = text.length > wholeBytes && !isCut(files, wholeBytes)
  return { files, events, memory, fileBytes: wholeBytes, stale, lost: 0 }
}

const isCut = (files: KeptFile, bytes: number): boolean => {
  try {
    files.truncate(bytes)
    return true
  } catch {
    return false
  }
}

const putAside = (files: KeptFile, clock: Clock, log: Log, why: string): KeptFile | undefined => {
  const { path } = files
  try {
    const kept = files.setAside(`.damaged-${clock.now()}`)
    log.error({ path, kept }, `${why}: it was moved aside and a new one is begun`)
    return files
  } catch (error) {
    const code = codeOf(error)
    log.error(
      { path, code },
      `${why} and cannot be moved aside: events are kept in memory only until that is mended`,
    )
    return undefined
  }
}
