import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK } from 'jose'
import type { InvitedAccount } from '../../protocol/rest-invitations.ts'
import { fileAccounts } from './accounts.ts'
import { attempts } from './attempts.ts'
import { audience, clientId, configuration, watchScope } from './configuration.ts'
import { IssuerError } from './errors.ts'
import { inviteAccount } from './invited-account.ts'
import { issuerKeys, publicKey } from './keys.ts'
import { loadOidcProvider } from './load-oidc-provider.ts'
import { fileRecords } from './records.ts'
import { handleSignIn, type SignInDeps } from './sign-in.ts'
import { handleWelcome, welcomePath } from './welcome.ts'

export interface IssuerOptions {
  /** Where browsers see it, with the path it is mounted under: `http://127.0.0.1:PORT/oidc`. */
  readonly issuerUrl: string
  /** A folder of its own for keys, accounts and sign-ins. */
  readonly dataDir: string
  /** One click signs in; only on loopback. */
  readonly demoAccount: boolean
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  /** Epoch ms; for expiry and the limits of attempts. */
  readonly now?: () => number
  /** What went wrong in the issuer itself; people have been shown a page already. */
  readonly onError?: (error: Error) => void
}

export interface Issuer {
  /** Answers a request whose path begins with the issuer's; give it nothing else. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** The public keys that tokens are signed with. */
  jwks(): { keys: JWK[] }
  readonly clientId: string
  readonly audience: string
  /** What an access token must have to be let in. */
  readonly scope: string
  /** Makes an account for an invited address; nowhere where only the demo account signs in. */
  invite(email: string): Promise<InvitedAccount>
  /** Ends every sign-in of an account: none of its refresh tokens and sessions gives a new token. */
  endSignIns(sub: string): Promise<void>
  close(): Promise<void>
}

/** At most 5 attempts an address in 15 minutes, and 60 of everybody in one. */
const attemptLimits = {
  address: { most: 5, withinMs: 15 * 60_000 },
  all: { most: 60, withinMs: 60_000 },
} as const

/** A real OIDC issuer for one machine. Keys, accounts and sign-ins are found again after a restart. */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const { issuerUrl, dataDir, demoAccount: demo, now = Date.now, onError = () => {} } = options
  const { origin, pathname, protocol, host, hostname } = new URL(issuerUrl)
  if (demo && !isLoopback(hostname)) throw demoElsewhere(hostname)
  const keys = await issuerKeys(dataDir)
  const records = await fileRecords(dataDir, now)
  const accounts = fileAccounts(dataDir, { demo })
  const ends = [...options.redirectUris, ...options.postLogoutRedirectUris]
  const formTargets = [...new Set(ends.map((uri) => new URL(uri).origin))]
  const mount = pathname.replace(/\/$/, '')
  const secure = protocol === 'https:'
  const { redirectUris, postLogoutRedirectUris } = options
  const deps = { mount, secure, keys, records, accounts, formTargets, now }
  const { default: Provider, errors } = await loadOidcProvider()
  const usedTwice = () => new errors.InvalidGrant('it was used already')
  const provider = new Provider(
    issuerUrl,
    configuration({ ...deps, redirectUris, postLogoutRedirectUris, usedTwice }),
  )
  provider.proxy = true
  provider.on('server_error', (_, error) => onError(error))
  // Koa's own event, which oidc-provider's types leave out; unheard, Koa prints to the console.
  provider.addListener('error' as 'server_error', (error: unknown) => onError(asError(error)))
  const limits = {
    address: attempts(attemptLimits.address, now),
    all: attempts(attemptLimits.all, now),
  }
  const signIn: SignInDeps = { provider, accounts, demo, mount, origin, formTargets, limits }
  const welcome = { dataDir, mount, origin, formTargets, tries: limits.all, now }
  const answer = provider.callback()

  return {
    async handle(req, res) {
      const full = req.url ?? '/'
      const rest = full.slice(mount.length)
      // The router fails on a target without a path, such as that of `/oidc?x`, and on one that
      // begins like a host, `/oidc//x`.
      const url = rest.startsWith('//') ? '/no-such-path' : rest.startsWith('/') ? rest : `/${rest}`
      // Where we are is configured, never believed from headers; these are what oidc-provider reads.
      Object.assign(req.headers, { host, 'x-forwarded-proto': protocol.slice(0, -1) })
      delete req.headers['x-forwarded-host']
      Object.assign(req, { originalUrl: full, url })
      const path = url.split('?', 1)[0] ?? '/'
      try {
        if (await handleWelcome(welcome, path, req, res)) return
        if (!(await handleSignIn(signIn, path, req, res))) await answer(req, res)
      } catch (error) {
        onError(asError(error))
        if (!res.headersSent) res.writeHead(500)
        res.end()
      }
    },
    jwks: () => ({ keys: [publicKey(keys)] }),
    clientId,
    audience,
    scope: watchScope,
    async invite(email) {
      if (demo) return { state: 'elsewhere' }
      const invited = await inviteAccount(dataDir, email, now())
      if (invited.state === 'known') return invited
      return { state: 'made', link: `${issuerUrl}${welcomePath}#${invited.secret}` }
    },
    endSignIns: (sub) => records.delete((_model, _id, { accountId }) => accountId === sub),
    close: () => records.close(),
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new IssuerError('unexpected', String(error))

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)

const demoElsewhere = (hostname: string): IssuerError =>
  new IssuerError(
    'demo_not_on_loopback',
    `The demo account is for loopback only, not for ${hostname}: add an account of your own.`,
  )
