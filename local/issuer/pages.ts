import { createHash } from 'node:crypto'
import { logo } from './logo.ts'
import { signInStyle } from './sign-in-style.ts'

/** Text as HTML text or a quoted attribute. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const styleHash = createHash('sha256').update(signInStyle).digest('base64')

/**
 * The headers of every page. `form-action` must name where a form's redirects end, because browsers
 * hold them against it too. `same-origin`: with no referrer at all, browsers send `Origin: null`.
 */
export const pageHeaders = (
  formTargets: readonly string[],
  /** The one script that the page may run, as its hash. */
  scriptHash?: string,
): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    `default-src 'none'`,
    `style-src 'sha256-${styleHash}'`,
    ...(scriptHash === undefined ? [] : [`script-src 'sha256-${scriptHash}'`]),
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; '),
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
})

export interface SignInPage {
  /** Where the forms go, a path. */
  readonly action: string
  readonly demo: boolean
  readonly passwords: boolean
  /** What was wrong the last time, for people. */
  readonly problem: string | undefined
  readonly email: string
}

export const signInPage = ({ action, demo, passwords, problem, email }: SignInPage): string =>
  page(
    'Sign in',
    [
      problem === undefined ? '' : `<p role="alert" class="problem">${escaped(problem)}</p>`,
      demo ? demoForm(action) : '',
      passwords ? passwordForm(action, email, problem !== undefined) : '',
    ].join(''),
  )

const demoForm = (action: string): string => `
<form method="post" action="${escaped(action)}/demo">
<button type="submit">Continue as demo viewer</button>
<p class="hint">A ready-made account for trying things out on this computer.</p>
</form>`

const passwordForm = (action: string, email: string, wrong: boolean): string => `
<form method="post" action="${escaped(action)}/login">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254"
 value="${escaped(email)}"${wrong ? ' aria-invalid="true"' : ''}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="200"${wrong ? ' aria-invalid="true"' : ''}>
<button type="submit">Sign in</button>
</form>`

/**
 * The form is oidc-provider's own, with its secret; the button belongs to it by its id. There is no
 * button to stay: sent without `logout`, the form still revokes what this client was granted.
 */
export const signOutPage = (form: string): string =>
  page(
    'Sign out',
    `<p>Do you want to sign out of FluxRelay in this browser? Until then, whoever uses it can sign in again without being asked.</p>${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`,
  )

export const messagePage = (title: string, message: string): string =>
  page(title, `<p>${escaped(message)}</p>`)

export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} – FluxRelay</title>
<style>${signInStyle}</style>
</head>
<body>
<main>
<p class="brand">${logo}<span>FluxRelay</span></p>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`
