import type { RequestLike, ResponseLike } from '../../client/deps.ts'
import { bySpecificity, compileRoute, matchRoute } from '../../local/http-api/match-route.ts'
import { apiRoutes } from '../../local/run/entries.ts'
import type { SignedInHttpEvent } from '../../local/http-api/route.ts'
import type { Ground } from './ground.ts'
import type { Invocations } from './invocations.ts'
import type { Process } from './machine.ts'

/** What a token of this run says; nothing is signed, nobody here forges. */
export interface Claims {
  readonly sub: string
  /** Seconds since 1970. */
  readonly exp: number
}

export const tokenOf = (claims: Claims): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(claims)}.x`
}

const claimsOf = (authorization: string | undefined): Claims =>
  JSON.parse(
    Buffer.from(authorization?.split('.')[1] ?? 'e30', 'base64url').toString('utf8'),
  ) as Claims

export interface HttpDeps {
  readonly ground: Ground
  readonly invocations: () => Invocations
  /** The relay's clock, ms since 1970. */
  readonly now: () => number
  /** An answer leaves the relay for this person. */
  readonly answered: (who: string, path: string, status: number) => void
}

interface Raw {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The HTTP API in virtual time: JWT check, routes, handlers, and a network that may fail. */
export const createHttp = ({ ground, invocations, now, answered }: HttpDeps) => {
  const { loop, faults, random } = ground
  let requests = 0

  const answer = (url: URL, request: RequestLike, done: (raw: Raw) => void) => {
    const { sub, exp } = claimsOf(request.headers['authorization'])
    if (exp * 1000 <= now())
      return done({ status: 401, headers: {}, body: '{"message":"Unauthorized"}' })
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    const label = `${request.method} ${url.pathname} of ${sub}`
    invocations().invoke(
      label,
      async (relay) => {
        const routes = apiRoutes(relay, 'fluxrelay/watch').map(compileRoute).sort(bySpecificity)
        const match = matchRoute(routes, request.method, url.pathname)
        if (!match) return { statusCode: 404, headers: {}, body: '{"message":"Not Found"}' }
        const query = Object.fromEntries(url.searchParams)
        return match.compiled.route.handler({
          headers,
          rawPath: url.pathname,
          rawQueryString: url.search.slice(1),
          pathParameters: match.pathParameters,
          ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
          requestContext: {
            requestId: `h${++requests}`,
            authorizer: { jwt: { claims: { sub, exp: String(exp) }, scopes: ['fluxrelay/watch'] } },
          },
          isBase64Encoded: false,
        } as unknown as SignedInHttpEvent)
      },
      (how) => {
        if (how.kind !== 'done')
          return done({ status: 500, headers: {}, body: '{"message":"Internal Server Error"}' })
        const {
          statusCode,
          headers: told = {},
          body = '',
        } = how.value as {
          statusCode: number
          headers?: Record<string, string>
          body?: string
        }
        answered(`user:${sub}`, url.pathname, statusCode)
        done({ status: statusCode, headers: told, body })
      },
    )
  }

  /** `fetch` of one process. */
  return (process: Process) =>
    (address: string, request: RequestLike): Promise<ResponseLike> =>
      new Promise((resolve, reject) => {
        const label = `${process.name} ${request.method} ${address}`
        const fail = (why: string) =>
          process.arrives(`${label} fails`, () => reject(new TypeError(`fetch failed: ${why}`)))
        request.signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
        if (faults.happens('http lost')) return
        loop.after(random.between(5, 50), label, () => {
          if (faults.happens('http error')) {
            const draw = faults.random('http error')
            if (draw.chance(0.5)) return fail('reset')
            return reply({ status: draw.pick([429, 500, 502, 503]), headers: {}, body: '<html>' })
          }
          answer(new URL(address), request, reply)
        })
        const reply = ({ status, headers, body }: Raw) =>
          loop.after(random.between(5, 50), `${label} answered ${status}`, () =>
            process.arrives(label, () => {
              const lower = Object.fromEntries(
                Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
              )
              resolve({
                status,
                headers: { get: (name) => lower[name.toLowerCase()] ?? null },
                text: async () => body,
              })
            }),
          )
      })
}
