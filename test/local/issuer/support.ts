import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createIssuer,
  type Issuer,
  type IssuerOptions,
} from '../../../local/issuer/create-issuer.ts'

export interface Running {
  readonly issuer: Issuer
  readonly origin: string
  readonly issuerUrl: string
  readonly callback: string
  readonly errors: Error[]
  stop(): Promise<void>
}

/** What a sign-in has to know of where it happens. */
export interface SignInPlace {
  readonly issuer: { readonly clientId: string; readonly scope: string }
  readonly issuerUrl: string
  readonly callback: string
}

/** An issuer under `/oidc` of a real server; `port` keeps its address over a restart. */
export async function startIssuer(
  options: Partial<IssuerOptions> & { dataDir: string; port?: number },
): Promise<Running> {
  const { port = 0, ...rest } = options
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${portOf(server)}`
  const errors: Error[] = []
  const issuer = await createIssuer({
    issuerUrl: `${origin}/oidc`,
    demoAccount: true,
    redirectUris: [`${origin}/callback`],
    postLogoutRedirectUris: [`${origin}/`],
    onError: (error) => errors.push(error),
    ...rest,
  })
  server.on('request', (req, res) => void issuer.handle(req, res))
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
    await issuer.close()
  }
  const callback = `${origin}/callback`
  return { issuer, origin, issuerUrl: `${origin}/oidc`, callback, errors, stop }
}

export const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

export async function tempFolder(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'fluxrelay-test-'))
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}

/** A browser as far as cookies, redirects and forms go; it follows nothing by itself. */
export class Browser {
  readonly #jar = new Map<string, { value: string; path: string }>()

  async go(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url)
    const cookie = [...this.#jar]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(([key, { value }]) => `${key.split('|')[0]}=${value}`)
      .join('; ')
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    response.headers.getSetCookie().forEach((line) => this.#keep(line))
    return response
  }

  /** Goes on from one redirect to the next until a page or a foreign path. */
  async follow(url: string, init: RequestInit = {}): Promise<{ response: Response; url: string }> {
    let response = await this.go(url, init)
    let at = url
    for (let next = response.headers.get('location'); next !== null;) {
      at = new URL(next, at).href
      if (!new URL(at).pathname.startsWith('/oidc')) break
      response = await this.go(at)
      next = response.headers.get('location')
    }
    return { response, url: at }
  }

  post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.follow(url, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ')
    const [name = '', value = ''] = pair.split('=')
    const path = attributes.find((one) => one.startsWith('path='))?.slice(5) ?? '/'
    if (value === '') this.#jar.delete(`${name}|${path}`)
    else this.#jar.set(`${name}|${path}`, { value, path })
  }
}

/** One sign-in of the viewer, with its PKCE secret. */
export function authorization(running: SignInPlace, extra: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const params = new URLSearchParams({
    client_id: running.issuer.clientId,
    response_type: 'code',
    redirect_uri: running.callback,
    scope: `openid offline_access profile email ${running.issuer.scope}`,
    state: 's1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  })
  return { url: `${running.issuerUrl}/auth?${params}`, verifier }
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly error?: string
}

export async function token(running: SignInPlace, fields: Record<string, string>): Promise<Tokens> {
  const body = new URLSearchParams({ client_id: running.issuer.clientId, ...fields })
  const response = await fetch(`${running.issuerUrl}/token`, { method: 'POST', body })
  return (await response.json()) as Tokens
}

/** The code in the address that a sign-in ended at. */
export const codeIn = (url: string): string => new URL(url).searchParams.get('code') ?? ''

export async function redeem(running: SignInPlace, url: string, verifier: string): Promise<Tokens> {
  return token(running, {
    grant_type: 'authorization_code',
    code: codeIn(url),
    redirect_uri: running.callback,
    code_verifier: verifier,
  })
}

export const refresh = (running: SignInPlace, { refresh_token }: Tokens): Promise<Tokens> =>
  token(running, { grant_type: 'refresh_token', refresh_token })

/** The whole way of the demo viewer, from the app to its tokens. */
export async function signInAsDemo(running: SignInPlace, browser: Browser): Promise<Tokens> {
  const { url, verifier } = authorization(running)
  const page = await browser.follow(url)
  const end = await browser.post(`${page.url}/demo`, {})
  return redeem(running, end.url, verifier)
}
