import { useEffect } from 'preact/hooks'

/** Tries again every `ms` while it is seen: in front of a display on a wall nobody stands to do it. */
export const useAgain = (again: () => void, ms: number): void => {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') again()
    }, ms)
    return () => clearInterval(timer)
  }, [ms])
}
