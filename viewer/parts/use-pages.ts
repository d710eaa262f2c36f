import { useEffect, useState } from 'preact/hooks'
import type { Loaded } from './use-loaded.ts'
import { withEarlier, withNewest, type KeyOf, type Pages } from './pages.ts'
import { useDeed } from './use-deed.ts'

export interface Paged<Item> {
  /** Newest first; undefined before the first page came. */
  readonly items: readonly Item[] | undefined
  /** Why the newest page did not come. */
  readonly error: unknown
  /** Brings earlier ones; undefined where there are none. */
  readonly more: More | undefined
}

export interface More {
  readonly press: () => void
  readonly busy: boolean
  /** Why the last try brought none. */
  readonly error: unknown
}

/** A long list: kept up with its newest page, lengthened at its end when asked. */
export const usePages = <Item, Cursor>(
  { value: newest, error }: Loaded<Pages<Item, Cursor>>,
  earlier: (before: Cursor) => Promise<Pages<Item, Cursor>>,
  keyOf: KeyOf<Item>,
): Paged<Item> => {
  const [pages, setPages] = useState<Pages<Item, Cursor> | undefined>(undefined)
  const { busy, error: refused, run } = useDeed()
  useEffect(() => {
    if (newest) setPages((old) => withNewest(old, newest, keyOf))
  }, [newest])
  const before = pages?.before
  const more = before !== undefined && {
    ...{ busy, error: refused },
    press: () =>
      run(
        () => earlier(before),
        (page) => setPages((old) => withEarlier(old, page, keyOf)),
      ),
  }
  return { items: pages?.items, error, more: more || undefined }
}
