import type { Path } from './table.ts'

/**
 * A condition on one item as data, so that the schemes of the use cases are written once and mean
 * the same in DynamoDB and in memory. Semantics are DynamoDB's: a comparison with an absent
 * attribute, or with one of another type, is false; and so its `not` is true.
 */
export type Condition =
  | { readonly kind: 'present' | 'absent'; readonly path: Path }
  | { readonly kind: 'equal'; readonly path: Path; readonly value: Scalar }
  | {
      readonly kind: 'less' | 'greater' | 'atLeast'
      readonly path: Path
      readonly value: string | number
    }
  /** A list attribute holds the value. */
  | { readonly kind: 'contains'; readonly path: Path; readonly value: string | number }
  /** The number of entries of a map or list attribute is above the value (zero or more). */
  | { readonly kind: 'sizeAbove'; readonly path: Path; readonly value: number }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }

/** Lists and maps are left out: the stores do not agree on when two of them are equal. */
export type Scalar = string | number | boolean

export const present = (path: Path): Condition => ({ kind: 'present', path })
export const absent = (path: Path): Condition => ({ kind: 'absent', path })
export const equal = (path: Path, value: Scalar): Condition => ({ kind: 'equal', path, value })
export const less = (path: Path, value: string | number): Condition => ({
  kind: 'less',
  path,
  value,
})
export const greater = (path: Path, value: string | number): Condition => ({
  kind: 'greater',
  path,
  value,
})
export const atLeast = (path: Path, value: string | number): Condition => ({
  kind: 'atLeast',
  path,
  value,
})
export const contains = (path: Path, value: string | number): Condition => ({
  kind: 'contains',
  path,
  value,
})
export const sizeAbove = (path: Path, value: number): Condition => ({
  kind: 'sizeAbove',
  path,
  value,
})
export const not = (of: Condition): Condition => ({ kind: 'not', of })
export const all = (...of: readonly Condition[]): Condition => ({ kind: 'all', of })
export const any = (...of: readonly Condition[]): Condition => ({ kind: 'any', of })
