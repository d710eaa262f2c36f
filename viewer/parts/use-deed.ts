import { useState } from 'preact/hooks'

export interface Deed {
  readonly busy: boolean
  /** Why the last try was refused. */
  readonly error: unknown
  /** Does it, once at a time; `done` is not called when it is refused. */
  readonly run: <Value>(deed: () => Promise<Value>, done: (value: Value) => void) => void
}

/** Something that a person asks the relay to do. */
export const useDeed = (): Deed => {
  const [{ busy, error }, set] = useState<{ busy: boolean; error: unknown }>({
    busy: false,
    error: undefined,
  })
  return {
    busy,
    error,
    run: (deed, done) => {
      if (busy) return
      set({ busy: true, error: undefined })
      deed().then(
        (value) => {
          set({ busy: false, error: undefined })
          done(value)
        },
        (failure: unknown) => set({ busy: false, error: failure }),
      )
    },
  }
}
