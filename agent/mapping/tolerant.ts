/**
 * Reads values out of answers whose shape is not to be trusted: what is odd is absent. Total.
 */
export type Body = Readonly<Record<string, unknown>>

/** The value at a path of own properties, or undefined. */
export const at = (body: unknown, ...path: readonly string[]): unknown => {
  let value = body
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Body)[name]
  }
  return value
}

export const bodyAt = (body: unknown, ...path: readonly string[]): Body => {
  const value = at(body, ...path)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}
}

/** Finite, and never -0: JSON text cannot carry it, so both ends would differ. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined

export const wholeOf = (value: unknown, least: number): number | undefined => {
  const number = numberOf(value)
  if (number === undefined) return undefined
  const whole = Math.round(number) + 0
  return Number.isSafeInteger(whole) && whole >= least ? whole : undefined
}

/** OctoPrint counts seconds, with fractions; we count whole ms. */
export const millisecondsOf = (seconds: unknown): number | undefined => {
  const number = numberOf(seconds)
  return number === undefined ? undefined : wholeOf(number * 1000, 0)
}

export const booleanOf = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined

/** At most `most` UTF-16 units, one line, well-formed; empty text is absent. */
export const textOf = (value: unknown, most: number): string | undefined => {
  if (typeof value !== 'string') return undefined
  const text = cut(value.slice(0, most * 2), most)
    .replace(lone, '\ufffd')
    .replace(controls, ' ')
    .trim()
  return text === '' ? undefined : text
}

const lone = /\p{Surrogate}/gu
const controls = /\p{Control}+/gu

/** Cuts without splitting the two halves of a character. */
export const cut = (text: string, most: number): string => {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}

/** Without the fields that are not known. */
export const present = <T extends Body>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const known: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) known[name] = value
  return known as { [K in keyof T]?: Exclude<T[K], undefined> }
}
