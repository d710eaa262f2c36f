import {
  sections,
  type FieldValue,
  type Patch,
  type PrinterState,
  type Section,
} from './printer-state.ts'

/** Fields that changed at some time since a keyframe, each as `section/field`. */
export type Touched = ReadonlySet<string>

type Fields = Readonly<Record<string, FieldValue | undefined>>
type Changes = Readonly<Record<string, FieldValue | null | undefined>>

const fieldsOf = (state: PrinterState, section: Section): Fields => state[section]

const sameValue = (a: FieldValue | undefined, b: FieldValue | undefined): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((value, index) => Object.is(value, b[index]))
    : a === b

/** The fields in which two states differ. */
export const changedFields = (before: PrinterState, after: PrinterState): Touched => {
  const changed = new Set<string>()
  for (const section of sections) {
    const old = fieldsOf(before, section)
    const now = fieldsOf(after, section)
    for (const field of new Set([...Object.keys(old), ...Object.keys(now)])) {
      if (!sameValue(old[field], now[field])) changed.add(`${section}/${field}`)
    }
  }
  return changed
}

/**
 * The delta that takes whoever holds the state of the keyframe, at *any* seq since, to `state`:
 * the present value of every touched field, also of one that went back meanwhile (STATE-5).
 */
export const patchOf = (state: PrinterState, touched: Touched): Patch => {
  const patch: Record<string, Record<string, FieldValue | null>> = {}
  for (const place of [...touched].sort()) {
    const cut = place.indexOf('/')
    const section = place.slice(0, cut)
    const field = place.slice(cut + 1)
    const changes = (patch[section] ??= {})
    changes[field] = fieldsOf(state, section as Section)[field] ?? null
  }
  return patch
}

/** A value replaces its field whole, null removes it; nothing else changes. */
export const applyPatch = (state: PrinterState, patch: Patch): PrinterState => {
  const next: Record<string, Fields> = {}
  for (const section of sections) {
    const changes = patch[section]
    next[section] = changes ? applyChanges(fieldsOf(state, section), changes) : state[section]
  }
  return next as PrinterState
}

const applyChanges = (fields: Fields, changes: Changes): Fields => {
  const next: Record<string, FieldValue | undefined> = { ...fields }
  for (const [field, value] of Object.entries(changes)) {
    if (value === null) delete next[field]
    else if (value !== undefined) next[field] = value
  }
  return next
}
