import { useEffect } from 'preact/hooks'

/** Fills the screen for those who look from afar, and asks it to stay on (TV mode). */
export const useDisplay = (display: boolean): void => {
  useEffect(() => {
    if (!display) return
    const { classList } = document.documentElement
    classList.add('display')
    const stop = keepAwake()
    return () => {
      classList.remove('display')
      stop()
    }
  }, [display])
}

/** The browser takes the lock back whenever the page is hidden: it is asked for again. */
const keepAwake = (): (() => void) => {
  let lock: WakeLockSentinel | undefined
  const ask = () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    navigator.wakeLock.request('screen').then(
      (given) => {
        lock = given
      },
      // On low battery, or by policy: the screen does as it is set up then.
      () => {},
    )
  }
  ask()
  document.addEventListener('visibilitychange', ask)
  return () => {
    document.removeEventListener('visibilitychange', ask)
    void lock?.release()
  }
}
