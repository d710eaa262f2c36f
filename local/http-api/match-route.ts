import { HttpApiSetupError } from './errors.ts'
import type { HttpRoute } from './route.ts'

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' | 'greedy'; readonly name: string }

export interface CompiledRoute {
  readonly route: HttpRoute
  readonly routeKey: string
  readonly segments: readonly Segment[]
}

export interface Match {
  readonly compiled: CompiledRoute
  readonly pathParameters: Record<string, string>
}

const parameterShape = /^\{([A-Za-z0-9_.-]+)(\+?)\}$/

const segmentOf = (text: string): Segment => {
  const [, name, greedy] = parameterShape.exec(text) ?? []
  if (name === undefined) return { kind: 'literal', text }
  return { kind: greedy === '+' ? 'greedy' : 'parameter', name }
}

/** Reads a route's path once; a path the cloud would not take is a mistake of set-up. */
export const compileRoute = (route: HttpRoute): CompiledRoute => {
  const { method, path } = route
  const segments = path.split('/').slice(1).map(segmentOf)
  const greedyAt = segments.findIndex(({ kind }) => kind === 'greedy')
  if (!path.startsWith('/') || (greedyAt >= 0 && greedyAt !== segments.length - 1)) {
    const rule = 'it must begin with / and may be greedy in its last segment only'
    throw new HttpApiSetupError('bad-route', `The route ${method} ${path} cannot be: ${rule}.`)
  }
  return { route, routeKey: `${method} ${path}`, segments }
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const parametersOf = (
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined => {
  const greedy = segments.at(-1)?.kind === 'greedy'
  if (greedy ? parts.length < segments.length : parts.length !== segments.length) return undefined
  const found: [string, string][] = []
  for (const [at, segment] of segments.entries()) {
    const text = decoded(segment.kind === 'greedy' ? parts.slice(at).join('/') : (parts[at] ?? ''))
    if (text === undefined || text === '') return undefined
    if (segment.kind !== 'literal') found.push([segment.name, text])
    else if (segment.text !== text) return undefined
  }
  return Object.fromEntries(found)
}

const rank = { literal: '0', parameter: '1', greedy: '2' } as const

/** Sorts the most specific path first: literals before parameters before greedy, from the left. */
export const bySpecificity = (a: CompiledRoute, b: CompiledRoute): number => {
  const key = ({ segments, route }: CompiledRoute) =>
    segments.map(({ kind }) => rank[kind]).join('') + (route.method === 'ANY' ? '1' : '0')
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0
}

/** The route for a request among routes sorted by specificity; undefined is 404. */
export const matchRoute = (
  routes: readonly CompiledRoute[],
  method: string,
  path: string,
): Match | undefined => {
  const parts = path.split('/').slice(1)
  for (const compiled of routes) {
    const { route, segments } = compiled
    if (route.method !== method && route.method !== 'ANY') continue
    const pathParameters = parametersOf(segments, parts)
    if (pathParameters !== undefined) return { compiled, pathParameters }
  }
  return undefined
}
