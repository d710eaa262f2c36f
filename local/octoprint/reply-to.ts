import type { IncomingMessage } from 'node:http'
import type { AppKeys } from './app-keys.ts'
import type { KeyUser } from './keys.ts'
import { errorReply, type Reply } from './reply.ts'
import type { Route } from './routes.ts'
import type { Answers } from './scenario.ts'
import { traitsOf } from './version-traits.ts'

export type ReplyDeps = {
  readonly userOf: (request: IncomingMessage) => KeyUser | undefined
  readonly current: () => Answers
  readonly appKeys: AppKeys
  readonly version: () => string
}

const nobody = { groups: [], name: null, permissions: [] }

/** What a healthy OctoPrint answers; `body` is the text of the request. */
export const replyTo =
  ({ userOf, current, appKeys, version }: ReplyDeps) =>
  (route: Route, request: IncomingMessage, body: string): Reply => {
    const user = userOf(request)
    const traits = traitsOf(version())
    const withKey = (answer: () => Reply) =>
      user === undefined ? errorReply(403, traits.keyError) : answer()
    switch (route.kind) {
      case 'read':
        return withKey(() => current()[route.path])
      case 'version':
        return withKey(() => ({ status: 200, body: versionBody(version()) }))
      case 'currentUser':
        return { status: 200, body: user ?? nobody }
      case 'probe':
        return { status: 204, body: undefined }
      case 'pollKey':
        return appKeys.poll(route.token)
      case 'requestKey':
        return /^application\/json\b/i.test(request.headers['content-type'] ?? '')
          ? appKeys.request(parsed(body), `http://${request.headers.host ?? 'localhost'}`)
          : errorReply(traits.notJsonStatus, 'The body must be JSON and say so')
      case 'control':
        return errorReply(403, 'This OctoPrint can only be watched')
      case 'wrongMethod':
        return errorReply(405, 'The method is not allowed here', { Allow: route.allow })
      case 'unknown':
        return errorReply(404, 'There is nothing here')
      default:
        return route satisfies never
    }
  }

const versionBody = (version: string) => ({
  api: '0.1',
  server: version,
  text: `OctoPrint ${version}`,
})

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
