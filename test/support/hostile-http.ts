import fc from 'fast-check'
import { httpRoutes } from '../../functions/routes.ts'

/** What a fuzzer may know: where it is, and tokens that must not help it. */
export interface Ground {
  readonly host: string
  readonly printerId: string
  /** Values of an Authorization header, each forged or out of date. */
  readonly badTokens: readonly string[]
  /**
   * Valid ones, so that what lies behind them is reached too: of owners of a site that nobody else
   * needs, many, since each has limits of its own and can sign itself out.
   */
  readonly goodTokens: readonly string[]
  /** What those own. */
  readonly own: { readonly siteId: string; readonly printerId: string }
}

/** Bytes that HTTP carries inside of a line: what lies behind its parser is to be reached. */
const oddText = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 30 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['', '%00', '%', '%ff', '%zz', '..', '__proto__', 'constructor', '*', '%0d%0aX: 1'],
      ...['%F0%9F%92%A9', '\'"><script>', '${7*7}', '1e999', '-1', 'null', '[object Object]'],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.integer({ min: 161, max: 255 }).map((code) => String.fromCharCode(code)),
    }),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3_000 }).map((n) => 'A'.repeat(n)) },
)
/** What HTTP's own parser is to refuse. */
const broken = fc.constantFrom('\0', '\x7f', '\x01', 'A'.repeat(20_000), '\r', '\t\v')

const headerName = fc.constantFrom(
  ...['X-Forwarded-Host', 'X-Forwarded-Proto', 'Forwarded', 'Accept', 'Range', 'Referer'],
  ...['If-None-Match', 'Cookie', 'Upgrade', 'Connection', 'TE', '__proto__', 'constructor'],
  ...['Accept-Encoding', 'X-HTTP-Method-Override', 'Sec-Fetch-Site', 'X-Real-IP', 'Origin'],
  ...['Access-Control-Request-Method', 'Access-Control-Request-Headers', 'Expect', 'Via'],
)
const header = fc
  .tuple(headerName, fc.oneof({ weight: 60, arbitrary: oddText }, broken))
  .map(([key, value]) => `${key}: ${value}`)

const methods = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom('GET', 'GET', 'POST', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'),
  },
  fc.constantFrom('PATCH', 'TRACE', 'M-SEARCH', 'PROPFIND'),
)

const paths = ({ printerId, own }: Ground) => {
  const known = fc.constantFrom(
    ...['/', '/index.html', '/config.json', '/healthz', '/metrics', '/v1/printers', '/v1/tickets'],
    ...[`/v1/printers/${printerId}`, '/v1/shares/redeem', '/ws', '/ws/@connections/abc='],
    ...['/oidc', '/oidc/auth', '/oidc/token', '/oidc/me', '/oidc/jwks', '/oidc/token/revocation'],
    ...['/oidc/session/end', '/oidc/.well-known/openid-configuration', '/oidc/interaction/abc'],
    ...['/oidc/interaction/abc/demo', '/oidc/interaction/abc/login', '/oidc/auth/abc'],
  )
  const routes = fc.constantFrom(
    ...httpRoutes.map(({ path }) =>
      path.replace('{id}', path.includes('/sites/') ? own.siteId : own.printerId),
    ),
  )
  const climbing = fc.constantFrom(
    ...['/../../etc/passwd', '/%2e%2e/%2e%2e/home.json', '/..%2fhome.json', '/..\\home.json'],
    ...['//etc/passwd', '/index.html/../../home.json', '/.%00./home.json', '/%c0%ae%c0%ae/'],
    ...['http://elsewhere.example/v1/printers', '*', '/v1/printers/..%2f..', '/v1/printers/%00'],
    ...[
      '/v1/printers/__proto__',
      '/v1/printers/constructor',
      '/oidc/../v1/printers',
      '/oidc//auth',
    ],
  )
  const query = fc
    .array(fc.tuple(fc.oneof(queryName, oddText), oddText), { maxLength: 4 })
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'))
  return fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: known }, { weight: 4, arbitrary: routes }, climbing),
      oddText,
      fc.constantFrom(0, 0, 1),
      query,
    )
    .map(([path, more, append, search]) => `${path}${append ? more : ''}${search && `?${search}`}`)
    .map((target) => target.replaceAll(' ', '+'))
}
const queryName = fc.constantFrom(
  ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge', 'prompt'],
  ...['id_token_hint', 'post_logout_redirect_uri', 'request', 'resource', 'ticket', 'claims'],
)

/** What the routes that change something take, each value as wrong as it comes. */
const changes = fc
  .dictionary(
    fc.constantFrom(
      ...['name', 'role', 'who', 'email', 'printerId', 'id', 'secret', 'code', 'version', 'view'],
      ...['display', 'lifetime', '__proto__', 'constructor'],
    ),
    fc.oneof(
      oddText,
      fc.json(),
      fc.integer(),
      fc.constantFrom('owner', 'viewer', 'full', 'basic', 'ACDE-3467', 'A'.repeat(43), null, true),
      fc.constantFrom('\u202e', '😀', 'ﷺ', '名前', 'a@b', 'f'.repeat(64), 3_600_000, 1e308),
    ),
  )
  .map((body) => toLatin1(JSON.stringify(body)))
/** JSON's own escapes, since a request is built of bytes. */
const toLatin1 = (text: string): string =>
  text.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)

const bodies = fc.oneof(
  { weight: 3, arbitrary: changes },
  fc.constant(''),
  oddText,
  fc.json(),
  fc.constant('{"__proto__":{"admin":true}}'),
  fc.integer({ min: 1, max: 60_000 }).map((n) => 'x'.repeat(n)),
  fc.constantFrom(
    'grant_type=authorization_code&code=x&client_id=fluxrelay-viewer&code_verifier=y',
    'grant_type=refresh_token&refresh_token=x&client_id=fluxrelay-viewer',
    'grant_type=client_credentials&client_id=fluxrelay-viewer&client_id=twice',
    'grant_type[]=x&client_id[__proto__]=y',
    'token=x&client_id=fluxrelay-viewer',
    'email=a%40b&password=%00',
  ),
)
const bodyTypes = fc.constantFrom(
  ...['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'],
  ...['application/x-www-form-urlencoded; charset=utf-7', 'a/b/c', ''],
)

const hosts = ({ host }: Ground) =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constant(`Host: ${host}`) },
    fc.constantFrom('Host: evil.example', 'Host:', 'Host: 127.0.0.1', 'X-No-Host: 1'),
    fc.constant(`Host: ${host}\r\nHost: evil.example`),
    fc.constant(`Host: ${host.replace('127.0.0.1', 'localhost')}`),
    oddText.map((odd) => `Host: ${odd}`),
  )

const tokens = ({ badTokens, goodTokens }: Ground) =>
  fc.oneof(
    fc.constant([]),
    fc.constantFrom(...badTokens).map((token) => [`Authorization: Bearer ${token}`]),
    {
      weight: 2,
      arbitrary: fc.constantFrom(...goodTokens).map((one) => [`Authorization: Bearer ${one}`]),
    },
    oddText.map((odd) => [`Authorization: ${odd}`]),
  )

/** Requests that a proxy and a server could cut differently (CWE-444). */
const smuggled = ({ host }: Ground) => {
  const inner = `GET /v1/printers HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const start = `POST /v1/tickets HTTP/1.1\r\nHost: ${host}\r\n`
  return fc.constantFrom(
    `${start}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `${start}Content-Length: 0\r\nContent-Length: 5\r\n\r\n${inner}`,
    `${start}Content-Length: +5\r\n\r\nabcde`,
    `${start}Content-Length: -1\r\n\r\n`,
    `${start}Content-Length: 99999999999999999999\r\n\r\nx`,
    `${start}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    `${start}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    `${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    `${start}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx\r\n0\r\n\r\n`,
    `${start}Transfer-Encoding: chunked\r\n\r\n5;${'e'.repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`,
    `${start} folded: yes\r\n\r\n`,
    `GET / HTTP/1.1\nHost: ${host}\n\n`,
    `GET / HTTP/0.9\r\n\r\n`,
    `GET / HTTP/2.0\r\nHost: ${host}\r\n\r\n`,
    `GET /\r\n\r\n`,
    `${inner}${inner.replace('GET', 'BAD METHOD')}`,
    `${inner}GET /ws HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03`,
  )
}

/** Bytes of requests that may be anything, for a server that must answer none of them with 5xx. */
export const hostileRequests = (ground: Ground): fc.Arbitrary<string> => {
  const request = fc
    .record({
      method: methods,
      path: paths(ground),
      host: hosts(ground),
      token: tokens(ground),
      headers: fc.array(header, { maxLength: 4 }),
      type: bodyTypes,
      body: bodies,
    })
    .map(({ method, path, host, token, headers, type, body }) => {
      const length = Buffer.byteLength(body, 'latin1')
      const sized = body === '' ? [] : [`Content-Type: ${type}`, `Content-Length: ${length}`]
      const head = [`${method} ${path} HTTP/1.1`, host, ...token, ...headers, ...sized]
      return `${head.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`
    })
  return fc.oneof({ weight: 12, arbitrary: request }, { weight: 2, arbitrary: smuggled(ground) })
}

/** Handshakes at `/ws` and beside it, none of which may open a connection. */
export const hostileHandshakes = (ground: Ground): fc.Arbitrary<string> => {
  const bad = fc.constantFrom(...ground.badTokens, 'frp_a_b', `frp_${ground.printerId}_x`, '')
  const path = fc.oneof(
    fc.constantFrom(
      '/ws',
      '/ws',
      '/ws',
      '/ws/',
      '/ws?ticket=',
      '/ws?ticket=x&ticket=y',
      '/ws/@connections/x',
    ),
    fc.constantFrom('/wss', '/', '/oidc/ws', '/ws/../ws', 'http://elsewhere/ws', '/v1/printers'),
    oddText.map((odd) => `/ws?ticket=${odd}`.replaceAll(' ', '+')),
  )
  const protocol = fc.constantFrom(
    'fluxrelay.v1',
    'fluxrelay.v2',
    'a, a',
    ',',
    'fluxrelay.v1, x',
    '',
  )
  const origin = fc.oneof(
    fc.constantFrom(
      `http://${ground.host}`,
      `http://${ground.host}`,
      'null',
      'https://evil.example',
      'http://[::1',
      '',
    ),
    oddText,
  )
  return fc
    .record({
      path,
      protocol,
      origin: fc.option(origin),
      token: fc.option(bad),
      key: fc.constantFrom(...Array<string>(6).fill('AAAAAAAAAAAAAAAAAAAAAA=='), 'AA==', ''),
      version: fc.constantFrom(...Array<string>(6).fill('13'), '8', '', 'x'),
      headers: fc.array(header, { maxLength: 2 }),
      host: hosts(ground),
      after: fc.oneof(fc.constant(''), oddText),
    })
    .map(({ path: target, protocol: offered, key, version, host, after, ...more }) => {
      const lines = [
        ...[`GET ${target} HTTP/1.1`, host, 'Upgrade: websocket', 'Connection: Upgrade'],
        ...[`Sec-WebSocket-Key: ${key}`, `Sec-WebSocket-Version: ${version}`],
        ...[`Sec-WebSocket-Protocol: ${offered}`],
        ...(more.origin === null ? [] : [`Origin: ${more.origin}`]),
        ...(more.token === null ? [] : [`Authorization: Bearer ${more.token}`]),
        ...more.headers,
      ]
      return `${lines.join('\r\n')}\r\n\r\n${after}`
    })
}
