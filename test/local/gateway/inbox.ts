/** Values that arrive, to be awaited one after the other; no test waits on a clock for them. */
export class Inbox<T> {
  readonly #values: T[] = []
  readonly #waiting: ((value: T) => void)[] = []

  put(value: T): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#values.push(value)
    else waiting(value)
  }

  /** The next value, now or when it comes. */
  next(): Promise<T> {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift() as T)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async take(count: number): Promise<T[]> {
    const taken: T[] = []
    while (taken.length < count) taken.push(await this.next())
    return taken
  }

  /** What has come and was not taken. */
  rest(): readonly T[] {
    return this.#values
  }
}
