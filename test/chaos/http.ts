import type { RequestLike, ResponseLike } from '../../client/deps.ts'
import { bySpecificity, compileRoute, matchRoute } from '../../local/http-api/match-route.ts'
import { sha256 } from '../../functions/relay/hash.ts'
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

const redeeming = '/v1/shares/redeem'
/** Where no JWT is asked for. */
const forGuests = /^\/v1\/(guest\/|shares\/redeem$)/
const aGuest: Claims = { sub: 'a guest', exp: Infinity }

export interface HttpDeps {
  readonly ground: Ground
  readonly invocations: () => Invocations
  /** The relay's clock, ms since 1970. */
  readonly now: () => number
  /** An answer leaves the relay for this person. */
  readonly answered: (who: string, path: string, status: number) => void
  /** An answer leaves the relay for a guest of the link with this hash. */
  readonly guestAnswered: (hash: string, path: string, status: number, body: string) => void
}

interface Raw {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The HTTP API in virtual time: JWT check, routes, handlers, and a network that may fail. */
export const createHttp = ({ ground, invocations, now, answered, guestAnswered }: HttpDeps) => {
  const { loop, faults, random } = ground
  let requests = 0
  /** Guests' tokens, and the link that each was given for. */
  const links = new Map<string, string>()

  const keepLink = ({ body }: RequestLike, answered: string) => {
    const { secret } = JSON.parse(body ?? '') as { secret: string }
    const { token } = JSON.parse(answered) as { token: string }
    links.set(`Bearer ${token}`, sha256(secret))
  }

  const answer = (url: URL, request: RequestLike, done: (raw: Raw) => void) => {
    const authorization = request.headers['authorization']
    const asGuest = forGuests.test(url.pathname)
    const { sub, exp } = asGuest ? aGuest : claimsOf(authorization)
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
          routeKey: `${match.compiled.route.method} ${match.compiled.route.path}`,
          rawPath: url.pathname,
          rawQueryString: url.search.slice(1),
          pathParameters: match.pathParameters,
          ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
          requestContext: {
            requestId: `h${++requests}`,
            http: { sourceIp: '203.0.113.1' },
            ...(!asGuest && {
              authorizer: {
                jwt: { claims: { sub, exp: String(exp) }, scopes: ['fluxrelay/watch'] },
              },
            }),
          },
          ...(request.body !== undefined && { body: request.body }),
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
        if (!asGuest) answered(`user:${sub}`, url.pathname, statusCode)
        else if (statusCode < 400 && url.pathname === redeeming) keepLink(request, body)
        else guestAnswered(links.get(authorization ?? '') ?? '', url.pathname, statusCode, body)
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
