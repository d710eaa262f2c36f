/** Waits so long (ms), or until the signal aborts. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })

/**
 * Calls again and again, so long (ms) after each end; the answer stops it and waits for its end. A
 * failure that stays the same is told once: what lasts for days must not fill the log.
 */
export const every = (
  ms: number,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): (() => Promise<void>) => {
  const stop = new AbortController()
  let told: string | undefined
  const tell = (error: unknown) => {
    if (String(error) !== told) failed(error)
    told = String(error)
  }
  const loop = async () => {
    for (;;) {
      await sleep(ms, stop.signal)
      if (stop.signal.aborted) return
      await work().then(() => void (told = undefined), tell)
    }
  }
  const done = loop()
  return async () => {
    stop.abort()
    await done
  }
}
