import { useCallback, useEffect, useState } from 'preact/hooks'
import { RequestError } from '../../client/errors.ts'

export interface Loaded<Value> {
  /** The last answer, also while a newer one is asked for. */
  readonly value: Value | undefined
  /** Why the last request failed; undefined when it did not. */
  readonly error: unknown
  readonly reload: () => void
}

const retryMs = 5_000

/** Asks until an answer comes (unless it is refused for good), again on `reload` and each `everyMs`. */
export const useLoaded = <Value>(
  load: () => Promise<Value>,
  /** Another key is another thing to load. */
  key: string,
  everyMs?: number,
): Loaded<Value> => {
  const [held, setHeld] = useState<{ key: string; value: Value | undefined; error: unknown }>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let live = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = (ms: number | undefined) => {
      if (ms !== undefined) timer = setTimeout(ask, ms)
    }
    const ask = () => {
      if (document.visibilityState !== 'visible') return again(retryMs)
      load().then(
        (value) => {
          if (!live) return
          setHeld({ key, value, error: undefined })
          again(everyMs)
        },
        (error: unknown) => {
          if (!live) return
          setHeld((old) => ({ key, value: old?.key === key ? old.value : undefined, error }))
          if (error instanceof RequestError && error.retryable)
            again(Math.max(error.retryAfter ?? 0, retryMs))
        },
      )
    }
    ask()
    return () => {
      live = false
      clearTimeout(timer)
    }
    // `load` is made anew by each rendering; the key says when it means something else.
  }, [key, turn, everyMs])
  const reload = useCallback(() => setTurn((n) => n + 1), [])
  const mine = held?.key === key ? held : undefined
  return { value: mine?.value, error: mine?.error, reload }
}
