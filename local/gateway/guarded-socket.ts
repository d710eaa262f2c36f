import { Duplex } from 'node:stream'
import type { FramesGuard } from './frames-guard.ts'

/** The bytes of a raw socket with its incoming side seen only through the guard. */
export class GuardedSocket extends Duplex {
  readonly #raw: Duplex

  constructor(raw: Duplex, head: Buffer, guard: FramesGuard) {
    super()
    this.#raw = raw
    const take = (chunk: Buffer) => {
      const passed = guard.pass(chunk)
      // After the guard tripped the rest is read and forgotten, so that the client's own close, and
      // not a reset, ends the connection, and it gets to read the 1009.
      if (passed.length > 0 && !this.push(passed)) raw.pause()
    }
    // Errors end the connection through close; without a listener one would end the process.
    this.on('error', () => undefined)
    if (head.length > 0) take(head)
    raw.on('data', take)
    raw.on('end', () => this.push(null))
    raw.on('error', (error) => this.destroy(error))
    raw.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#raw.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#raw.write(chunk, done)
  }

  override _writev(chunks: { chunk: unknown }[], done: (error?: Error | null) => void): void {
    this.#raw.write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done)
  }

  override _final(done: () => void): void {
    this.#raw.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy()
    done(error)
  }
}
