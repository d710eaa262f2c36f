import { splitTarget } from './request-facts.ts'

/** What a plain HTTP request below the stage is about. */
export type ManagementTarget =
  | { readonly kind: 'connection'; readonly id: string }
  /** The WebSocket's own address: answered 426. */
  | { readonly kind: 'socket' }
  | { readonly kind: 'unknown' }

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Reads `/{stage}/@connections/{id}`; SDKs send the `@` and the id's `=` percent-encoded. */
export const managementTarget = (url: string, stage: string): ManagementTarget => {
  const [first, base, collection, id, ...rest] = splitTarget(url).path.split('/')
  if (first !== '' || base !== stage) return { kind: 'unknown' }
  if (collection === undefined || (collection === '' && id === undefined)) return { kind: 'socket' }
  if (id === undefined || rest.length > 0 || decoded(collection) !== '@connections') {
    return { kind: 'unknown' }
  }
  // What cannot be decoded is kept as it is: it then fails as a malformed id.
  return { kind: 'connection', id: decoded(id) ?? id }
}
