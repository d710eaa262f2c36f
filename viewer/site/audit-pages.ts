import type { AuditPage } from '../../protocol/rest-audit.ts'

/** The newest page before what is shown; alone, where more came meanwhile than fits on it. */
export const withNewest = (old: AuditPage | undefined, newest: AuditPage): AuditPage => {
  const last = newest.entries.at(-1)?.id
  const meets = old?.entries.findIndex(({ id }) => id === last) ?? -1
  const earlier = meets < 0 ? [] : (old?.entries.slice(meets + 1) ?? [])
  if (!old || earlier.length === 0) return newest
  return { ...old, entries: [...newest.entries, ...earlier] }
}

/** An earlier page below what is shown. */
export const withEarlier = (old: AuditPage | undefined, earlier: AuditPage): AuditPage => {
  const known = new Set(old?.entries.map(({ id }) => id))
  const added = earlier.entries.filter(({ id }) => !known.has(id))
  return { ...earlier, entries: [...(old?.entries ?? []), ...added] }
}
