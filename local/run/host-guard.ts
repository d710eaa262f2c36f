import type { IncomingMessage } from 'node:http'

export type HostVerdict =
  { readonly kind: 'ours' } | { readonly kind: 'elsewhere' } | { readonly kind: 'moved' }

/**
 * Whether a request was meant for this relay. A page of a foreign site can point its own name at
 * loopback (DNS rebinding) and would then be same-origin with the demo account: so only the names
 * that the relay was started under are served. `moved`: another name of the same loopback.
 */
export const hostGuard = (origin: string) => {
  const { host, port, hostname } = new URL(origin)
  const synonyms = new Set(['127.0.0.1', 'localhost', '[::1]'])
  const others = new Set([...synonyms].map((name) => (port ? `${name}:${port}` : name)))
  return (request: IncomingMessage): HostVerdict => {
    const asked = request.headers.host?.toLowerCase()
    if (asked === host) return { kind: 'ours' }
    return asked !== undefined && synonyms.has(hostname) && others.has(asked)
      ? { kind: 'moved' }
      : { kind: 'elsewhere' }
  }
}
