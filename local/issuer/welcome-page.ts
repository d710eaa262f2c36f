import { createHash } from 'node:crypto'
import { escaped, page } from './pages.ts'

/**
 * The secret is in the fragment, which no server sees; the page takes it out of the address, so that
 * it stays in no history, and sends it in a body.
 */
const script = `
const secret = location.hash.slice(1)
if (secret) document.getElementById('secret').value = secret
history.replaceState(null, '', location.pathname)
`
export const welcomeScriptHash = createHash('sha256').update(script).digest('base64')

export interface WelcomePage {
  /** Where the form goes, a path. */
  readonly action: string
  readonly problem: string | undefined
  readonly secret: string
}

/** Where somebody who was invited chooses a password. */
export const welcomePage = ({ action, problem, secret }: WelcomePage): string =>
  page(
    'Choose a password',
    `${problem === undefined ? '' : `<p role="alert" class="problem">${escaped(problem)}</p>`}
<noscript><p class="problem">This page needs JavaScript to read your link.</p></noscript>
<form method="post" action="${escaped(action)}">
<input id="secret" name="secret" type="hidden" value="${escaped(secret)}">
<label for="password">Password, 10 characters or more</label>
<input id="password" name="password" type="password" autocomplete="new-password" required
 minlength="10" maxlength="200"${problem === undefined ? '' : ' aria-invalid="true"'}>
<button type="submit">Set the password</button>
</form>
<script>${script}</script>`,
  )
