import type { KeptFile } from '../../../agent/disk/kept-file.ts'

const failure = (code: string) => Object.assign(new RangeError(code), { code })

/** A disk in memory that can be full, unreadable or cut off in the middle of a write. */
export class MemoryFile implements KeptFile {
  readonly path = '/disk/outbox'
  text: string | undefined
  readonly aside: string[] = []
  /** Bytes that are still free. */
  free = Infinity
  readable = true
  movable = true
  writes = 0

  constructor(text?: string) {
    this.text = text
  }

  read(): string | undefined {
    if (!this.readable) throw failure('EACCES')
    return this.text
  }

  append(text: string): void {
    this.writes++
    const fits = text.slice(0, Math.max(0, this.free))
    this.text = (this.text ?? '') + fits
    this.free -= fits.length
    if (fits.length < text.length) throw failure('ENOSPC')
  }

  replace(text: string): void {
    this.writes++
    if (text.length > this.free) throw failure('ENOSPC')
    this.free += (this.text ?? '').length - text.length
    this.text = text
  }

  truncate(bytes: number): void {
    this.text = this.text?.slice(0, bytes)
  }

  setAside(suffix: string): string {
    if (!this.movable) throw failure('EPERM')
    this.aside.push(this.text ?? '')
    this.text = undefined
    this.readable = true
    return `${this.path}${suffix}`
  }
}
