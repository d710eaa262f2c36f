import type { Clock } from './clock.ts'

interface Bounds {
  readonly clock: Clock
  /** Ends the work whenever it aborts. */
  readonly signal: AbortSignal
  /** Ends the work so long (ms) after its start. */
  readonly ms: number
}

/** Runs work that ends with its signal. Work that fails because its time is over is `late`. */
export const within = async <T>(
  { clock, signal, ms }: Bounds,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | 'late'> => {
  const stop = new AbortController()
  let late = false
  const cancel = clock.after(ms, () => {
    late = true
    stop.abort()
  })
  const onStop = () => stop.abort()
  signal.addEventListener('abort', onStop, { once: true })
  if (signal.aborted) stop.abort()
  try {
    return await work(stop.signal)
  } catch (error) {
    if (late) return 'late'
    throw error
  } finally {
    cancel()
    signal.removeEventListener('abort', onStop)
  }
}
