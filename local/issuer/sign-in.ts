import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { demoViewer, type Accounts } from './accounts.ts'
import type { Attempts } from './attempts.ts'
import { formFields } from './form-fields.ts'
import { messagePage, pageHeaders, signInPage } from './pages.ts'

export interface SignInDeps {
  readonly provider: Provider
  readonly accounts: Accounts
  readonly demo: boolean
  /** Path of the issuer, such as `/oidc`. */
  readonly mount: string
  readonly origin: string
  /** Where a finished sign-in may end: the origins of the redirect addresses. */
  readonly formTargets: readonly string[]
  /** By e-mail address, and of everybody together (each costs 80 ms of a core). */
  readonly limits: { readonly address: Attempts; readonly all: Attempts }
}

const route = /^\/interaction\/(?<uid>[\w-]{1,64})(?:\/(?<act>demo|login))?$/

/** Answers the pages of the sign-in; `false` for every other path. */
export async function handleSignIn(
  deps: SignInDeps,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const { uid, act } = route.exec(path)?.groups ?? {}
  if (uid === undefined) return false
  const page = pageFor(deps, `${deps.mount}/interaction/${uid}`, res)
  try {
    const { prompt, uid: begun } = await deps.provider.interactionDetails(req, res)
    if (begun !== uid || prompt.name !== 'login') page.expired()
    else if (act === undefined) page.show(200, undefined, '')
    else await submitted(deps, act, page, req, res)
  } catch (error) {
    if (!isWithoutCookie(error)) throw error
    page.expired()
  }
  return true
}

/** oidc-provider's own error, known by its name so that this file does not load it. */
const isWithoutCookie = (error: unknown): boolean =>
  error instanceof Error && error.name === 'SessionNotFound'

async function submitted(
  deps: SignInDeps,
  act: string,
  page: ReturnType<typeof pageFor>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { origin } = req.headers
  if (req.method !== 'POST') return page.message(405, 'Not that way', 'Open the app again.')
  if (origin !== undefined && origin !== deps.origin) {
    return page.message(403, 'Not from there', 'This form was sent from another site.')
  }
  if (act === 'login') return withPassword(deps, page, req, res)
  if (!deps.demo) return page.message(404, 'Not here', 'There is no demo account here.')
  return finished(deps, demoViewer.sub, req, res)
}

async function withPassword(
  deps: SignInDeps,
  page: ReturnType<typeof pageFor>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const fields = await formFields(req)
  if (fields === undefined) return page.message(413, 'Too long', 'That was too much to read.')
  const email = (fields.get('email') ?? '').slice(0, 254)
  const { address, all } = deps.limits
  // Everybody's first: what is refused there is remembered under no address, and locks none out.
  const waitMs = all.take('all') || address.take(email.trim().toLowerCase())
  if (waitMs > 0) {
    res.setHeader('retry-after', Math.ceil(waitMs / 1000))
    const minutes = Math.ceil(waitMs / 60_000)
    return page.show(429, `Too many attempts. Try again in ${minutes} min.`, email)
  }
  const account = await deps.accounts.signIn(email, (fields.get('password') ?? '').slice(0, 200))
  if (account === undefined) return page.show(401, 'E-mail or password is wrong.', email)
  return finished(deps, account.sub, req, res)
}

const finished = (
  { provider }: SignInDeps,
  accountId: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> =>
  provider.interactionFinished(
    req,
    res,
    { login: { accountId } },
    { mergeWithLastSubmission: false },
  )

function pageFor({ demo, formTargets }: SignInDeps, action: string, res: ServerResponse) {
  const send = (status: number, html: string): void => {
    res.writeHead(status, pageHeaders(formTargets)).end(html)
  }
  const message = (status: number, title: string, text: string): void =>
    send(status, messagePage(title, text))
  return {
    show: (status: number, problem: string | undefined, email: string): void =>
      send(status, signInPage({ action, demo, passwords: !demo, problem, email })),
    message,
    expired: (): void =>
      message(400, 'Start again', 'This sign-in is over or too old. Open the app again.'),
  }
}
