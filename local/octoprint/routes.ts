import { isReadPath, type ReadPath } from './scenario.ts'

const appKeyPollRoute = '/plugin/appkeys/request/:token'

/** What a request asks for. `name` is what counters and faults know it by. */
export type Route =
  | { readonly kind: 'read'; readonly name: string; readonly path: ReadPath }
  | { readonly kind: 'version' | 'currentUser' | 'probe' | 'requestKey'; readonly name: string }
  | { readonly kind: 'pollKey'; readonly name: string; readonly token: string }
  | { readonly kind: 'control'; readonly name: string }
  | { readonly kind: 'wrongMethod'; readonly name: string; readonly allow: string }
  | { readonly kind: 'unknown'; readonly name: string }

const pollPath = /^\/plugin\/appkeys\/request\/([\w-]+)$/

// Whatever is written to these makes OctoPrint or its printer do something.
const controlPath =
  /^\/api\/(?:job|printer|connection|files|system|settings|printerprofiles|slicing|timelapse|plugin)(?:\/|$)/

/** Finds the route of a request; `path` is without the query. */
export const routeOf = (method: string, path: string): Route => {
  const reads = method === 'GET' || method === 'HEAD'
  if (!reads && controlPath.test(path)) return { kind: 'control', name: controlName(path) }
  const token = pollPath.exec(path)?.[1]
  const route = isReadPath(path)
    ? ({ kind: 'read', name: path, path } as const)
    : token === undefined
      ? fixed(path)
      : ({ kind: 'pollKey', name: appKeyPollRoute, token } as const)
  const allow = route.kind === 'requestKey' ? 'POST' : 'GET'
  const allowed = route.kind === 'requestKey' ? method === 'POST' : reads
  return route.kind === 'unknown' || allowed
    ? route
    : { kind: 'wrongMethod', name: route.name, allow }
}

const fixed = (path: string): Route => {
  switch (path) {
    case '/api/version':
      return { kind: 'version', name: path }
    case '/api/currentuser':
      return { kind: 'currentUser', name: path }
    case '/plugin/appkeys/probe':
      return { kind: 'probe', name: path }
    case '/plugin/appkeys/request':
      return { kind: 'requestKey', name: path }
    default:
      // One name for all of them: a path is the caller's, and counters must not grow by it.
      return { kind: 'unknown', name: 'other' }
  }
}

const controlName = (path: string): string => (isReadPath(path) ? path : 'control')
