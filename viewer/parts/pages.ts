/** What is shown of a long list, newest first. */
export interface Pages<Item, Cursor> {
  readonly items: readonly Item[]
  /** Ask for the next page with `before` this; undefined where there is none. */
  readonly before: Cursor | undefined
}

/** What tells one item from another. */
export type KeyOf<Item> = (item: Item) => string | number

/** The newest page before what is shown; alone, where more came meanwhile than fits on it. */
export const withNewest = <Item, Cursor>(
  old: Pages<Item, Cursor> | undefined,
  newest: Pages<Item, Cursor>,
  keyOf: KeyOf<Item>,
): Pages<Item, Cursor> => {
  const last = newest.items.at(-1)
  if (!old || last === undefined) return newest
  const meets = old.items.findIndex((item) => keyOf(item) === keyOf(last))
  const earlier = meets < 0 ? [] : old.items.slice(meets + 1)
  if (earlier.length === 0) return newest
  return { before: old.before, items: [...newest.items, ...earlier] }
}

/** An earlier page below what is shown. */
export const withEarlier = <Item, Cursor>(
  old: Pages<Item, Cursor> | undefined,
  earlier: Pages<Item, Cursor>,
  keyOf: KeyOf<Item>,
): Pages<Item, Cursor> => {
  const shown = old?.items ?? []
  const known = new Set(shown.map(keyOf))
  const added = earlier.items.filter((item) => !known.has(keyOf(item)))
  return { before: earlier.before, items: [...shown, ...added] }
}
