import type { Clock } from '../clock.ts'
import { codeOf } from '../failure-code.ts'
import type { Log } from '../log.ts'
import type { KeptFile } from './kept-file.ts'

/** A disk that was full is tried again so often, ms. */
export const retryDisk = 30_000
/** A file is written anew when it has so many bytes and mostly holds what nobody needs. */
const worthRewriting = 65_536

export interface JournalDeps {
  /** Undefined: nothing is kept on disk. */
  readonly file: KeptFile | undefined
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  /** What log lines call what it holds. */
  readonly what: string
  /** All that the file should hold now. */
  readonly whole: () => string
  /** Bytes that were found in it. */
  readonly bytes: number
  /** What was found is not what it should hold: it is written anew before anything is added. */
  readonly behind: boolean
}

/**
 * A file that grows by lines and is written anew when it mostly holds what is over. A full disk must
 * not stop the agent: what is not written stays in memory until it is.
 */
export class Journal {
  readonly #deps: JournalDeps
  #bytes: number
  #behind: boolean
  #cancelRetry = () => {}

  constructor(deps: JournalDeps) {
    this.#deps = deps
    this.#bytes = deps.bytes
    this.#behind = deps.behind
  }

  /** The file has nothing yet. */
  get empty(): boolean {
    return this.#bytes === 0
  }

  /** Adds lines of which `whole` tells already. */
  append(lines: string): void {
    if (this.#behind) return this.rewrite()
    this.#try((file) => {
      file.append(lines)
      this.#bytes += lines.length
    })
    if (this.#bytes > worthRewriting && this.#bytes > 2 * this.#deps.whole().length) this.rewrite()
  }

  /** Makes the file hold `whole` and nothing else. */
  rewrite(): void {
    this.#try((file) => {
      const text = this.#deps.whole()
      file.replace(text)
      this.#bytes = text.length
    })
  }

  /** Nothing of it is needed any more. */
  clear(): void {
    this.#try((file) => {
      file.truncate(0)
      this.#bytes = 0
    })
  }

  /** Leaves no timer; what could not be written is tried once more. */
  stop(): void {
    if (this.#behind) this.rewrite()
    this.#cancelRetry()
  }

  #try(act: (file: KeptFile) => void): void {
    const { file, clock, log, what } = this.#deps
    if (!file) return
    this.#cancelRetry()
    try {
      act(file)
      if (this.#behind) log.info({ path: file.path }, `${what} is on disk again`)
      this.#behind = false
    } catch (error) {
      const told = { path: file.path, code: codeOf(error) }
      if (!this.#behind)
        log.error(told, `${what} cannot be written: it is kept in memory until it can`)
      this.#behind = true
      this.#cancelRetry = clock.after(retryDisk, () => this.rewrite())
    }
  }
}
