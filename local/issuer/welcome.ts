import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Attempts } from './attempts.ts'
import { IssuerError } from './errors.ts'
import { formFields } from './form-fields.ts'
import { choosePassword } from './invited-account.ts'
import { messagePage, pageHeaders } from './pages.ts'
import { welcomePage, welcomeScriptHash } from './welcome-page.ts'

/** Below the issuer's path; the link's secret follows in the fragment. */
export const welcomePath = '/welcome'

export interface WelcomeDeps {
  readonly dataDir: string
  /** Path of the issuer, such as `/oidc`. */
  readonly mount: string
  readonly origin: string
  readonly formTargets: readonly string[]
  /** Of everybody together: the secret has 256 bits, so this only bounds the work. */
  readonly tries: Attempts
  readonly now: () => number
}

/** Answers the page on which an invited person chooses a password; `false` for other paths. */
export async function handleWelcome(
  deps: WelcomeDeps,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  if (path !== welcomePath) return false
  const { mount, formTargets } = deps
  const send = (status: number, html: string): void => {
    res.writeHead(status, pageHeaders(formTargets, welcomeScriptHash)).end(html)
  }
  const show = (status: number, problem: string | undefined, secret: string): void =>
    send(status, welcomePage({ action: `${mount}${welcomePath}`, problem, secret }))
  if (req.method === 'GET') show(200, undefined, '')
  else if (req.method === 'POST') await submitted(deps, req, { send, show })
  else send(405, messagePage('Not that way', 'Open the link that you were sent.'))
  return true
}

interface Ways {
  readonly send: (status: number, html: string) => void
  readonly show: (status: number, problem: string | undefined, secret: string) => void
}

async function submitted(deps: WelcomeDeps, req: IncomingMessage, { send, show }: Ways) {
  const { origin } = req.headers
  if (origin !== undefined && origin !== deps.origin)
    return send(403, messagePage('Not from there', 'This form was sent from another site.'))
  const fields = await formFields(req)
  if (fields === undefined) return send(413, messagePage('Too long', 'That was too much to read.'))
  const secret = (fields.get('secret') ?? '').slice(0, 64)
  const password = fields.get('password') ?? ''
  if (deps.tries.take('welcome') > 0)
    return show(429, 'Too many attempts by everybody. Try again in a minute.', secret)
  try {
    const email = await choosePassword(deps.dataDir, { secret, password, now: deps.now() })
    if (email === undefined)
      return send(404, messagePage('Not valid any more', 'This link was used, or is too old.'))
    const next = `Now open your invitation, and sign in as ${email}.`
    return send(200, messagePage('Your password is set', next))
  } catch (error) {
    if (!(error instanceof IssuerError) || error.code !== 'invalid_user') throw error
    return show(400, error.message, secret)
  }
}
