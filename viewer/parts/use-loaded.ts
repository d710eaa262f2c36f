import { useCallback, useEffect, useState } from 'preact/hooks'
import { againIn } from './failure-words.ts'

export interface Loaded<Value> {
  /** The last answer, also while a newer one is asked for. */
  readonly value: Value | undefined
  /** Why the last request failed; undefined when it did not. */
  readonly error: unknown
  readonly reload: () => void
}

/** Calls once the page is seen, at once where it is; returns how to give that up. */
const onceSeen = (then: () => void): (() => void) => {
  if (document.visibilityState === 'visible') {
    then()
    return () => {}
  }
  const look = () => {
    if (document.visibilityState !== 'visible') return
    forget()
    then()
  }
  const forget = () => document.removeEventListener('visibilitychange', look)
  document.addEventListener('visibilitychange', look)
  return forget
}

/**
 * Asks until an answer comes (unless it is refused for good), again on `reload` and each `everyMs`;
 * nothing while nobody sees the page, and what was due meanwhile as soon as somebody does.
 */
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
    let forget = () => {}
    const again = (ms: number | undefined) => {
      if (ms !== undefined) timer = setTimeout(askWhenSeen, ms)
    }
    const ask = () => {
      load().then(
        (value) => {
          if (!live) return
          setHeld({ key, value, error: undefined })
          again(everyMs)
        },
        (error: unknown) => {
          if (!live) return
          setHeld((old) => ({ key, value: old?.key === key ? old.value : undefined, error }))
          again(againIn(error))
        },
      )
    }
    const askWhenSeen = () => {
      forget = onceSeen(ask)
    }
    askWhenSeen()
    return () => {
      live = false
      clearTimeout(timer)
      forget()
    }
    // `load` is made anew by each rendering; the key says when it means something else.
  }, [key, turn, everyMs])
  const reload = useCallback(() => setTurn((n) => n + 1), [])
  const mine = held?.key === key ? held : undefined
  return { value: mine?.value, error: mine?.error, reload }
}
