import type { IncomingMessage } from 'node:http'

/** What a handshake carries into events, taken from the request once. */
export interface RequestFacts {
  /** Names as the client wrote them; of a repeated name the last value. */
  readonly headers: Record<string, string>
  readonly multiValueHeaders: Record<string, string[]>
  /** Left out when there is none, as in the cloud. */
  readonly query: Record<string, string> | undefined
  readonly multiValueQuery: Record<string, string[]> | undefined
  readonly sourceIp: string
  readonly userAgent: string | undefined
}

/** `defineProperty` semantics: a name such as `__proto__` is only a name. */
const gather = (pairs: Iterable<readonly [string, string]>): Record<string, string[]> => {
  const all = new Map<string, string[]>()
  for (const [name, value] of pairs) all.set(name, [...(all.get(name) ?? []), value])
  return Object.fromEntries(all)
}

const lastOf = (all: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1) ?? '']))

function* headerPairs({ rawHeaders }: IncomingMessage): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    yield [rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']
  }
}

/** The part before and after the first `?` of a request's target. */
export const splitTarget = (target: string): { path: string; query: string } => {
  const mark = target.indexOf('?')
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/** The peer's address without the IPv4-in-IPv6 prefix of dual-stack sockets. */
export const peerAddress = (request: IncomingMessage): string =>
  (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')

/** Reads a handshake. Identity comes from the socket: headers are the caller's to forge. */
export const requestFacts = (request: IncomingMessage): RequestFacts => {
  const multiValueHeaders = gather(headerPairs(request))
  const multiValueQuery = gather(new URLSearchParams(splitTarget(request.url ?? '').query))
  const hasQuery = Object.keys(multiValueQuery).length > 0
  return {
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    query: hasQuery ? lastOf(multiValueQuery) : undefined,
    multiValueQuery: hasQuery ? multiValueQuery : undefined,
    sourceIp: peerAddress(request),
    userAgent: request.headers['user-agent'],
  }
}
