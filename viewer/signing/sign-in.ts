import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts'
import { SignInRequiredError } from '../../client/errors.ts'
import type { ViewerConfig } from '../../protocol/rest.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { StartError } from '../errors.ts'

/** Who is signed in, and how to become it: OIDC code flow with PKCE. */
export interface SignIn {
  /** Finishes a sign-in that has just come back, and tells whether anybody is signed in. */
  resume(): Promise<boolean>
  /** Leaves the page for the issuer's. */
  begin(): Promise<void>
  end(): Promise<void>
  /** Forgets who is signed in on this page, and tells nobody. */
  forget(): Promise<void>
  readonly token: (wish: { readonly fresh: boolean }) => Promise<string>
}

export const createSignIn = ({ oidc }: ViewerConfig): SignIn => {
  if (!globalThis.crypto?.subtle)
    throw new StartError('crypto_unavailable', 'this page has no crypto.subtle: it needs https')
  const home = `${location.origin}/`
  const resource = oidc.resource === undefined ? {} : { resource: oidc.resource }
  const manager = new UserManager({
    authority: oidc.authority,
    client_id: oidc.clientId,
    scope: oidc.scope,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    response_type: 'code',
    ...resource,
    // Issuers that follow RFC 8707 to the letter want it again where the code is exchanged.
    extraTokenParams: resource,
    // Of this tab only, and gone with it.
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
    // All who need a token wait for the same request; without an end it would keep them for ever.
    requestTimeoutInSeconds: timeOuts.restRequest / 1000,
  })
  const shown = (user: User) => (oidc.token === 'id' ? user.id_token : user.access_token)
  const renew = singleFlight(async () => {
    try {
      return await manager.signinSilent(resource)
    } catch (cause) {
      if (cause instanceof ErrorResponse) throw new SignInRequiredError('the issuer', { cause })
      // Only the issuer can say no; a network that is down says nothing, and is tried again later.
      throw new StartError('issuer_unreachable', 'the sign-in was not renewed', { cause })
    }
  })
  return {
    resume: async () => {
      const query = new URLSearchParams(location.search)
      const back = query.has('state') && (query.has('code') || query.has('error'))
      if (back) await finish(manager)
      return (await manager.getUser()) !== null
    },
    begin: async () => {
      try {
        await manager.signinRedirect({ state: location.hash })
      } catch (cause) {
        throw new StartError('issuer_unreachable', `${oidc.authority} does not answer`, { cause })
      }
    },
    end: async () => {
      try {
        // Cognito has names of its own for what OpenID Connect calls post_logout_redirect_uri.
        const extraQueryParams = { client_id: oidc.clientId, logout_uri: home }
        await manager.signoutRedirect({ extraQueryParams })
      } catch {
        // An issuer without a sign-out page, or without a network: forget it here at least.
        await manager.removeUser()
        location.replace(home)
      }
    },
    forget: () => manager.removeUser(),
    token: async ({ fresh }) => {
      const user = await manager.getUser()
      if (!user) throw new SignInRequiredError('this page')
      const old = fresh || user.expired === true || (user.expires_in ?? Infinity) < 30
      if (old && user.refresh_token === undefined) {
        if (fresh || user.expired) throw new SignInRequiredError('this page')
        return shown(user) ?? ''
      }
      const renewed = old ? await renew() : user
      const token = renewed && shown(renewed)
      if (!token) throw new SignInRequiredError('this page')
      return token
    },
  }
}

/** Refresh tokens are often good for one use only: callers at the same time share it. */
const singleFlight = <Value>(fn: () => Promise<Value>): (() => Promise<Value>) => {
  let flight: Promise<Value> | undefined
  return () =>
    (flight ??= fn().finally(() => {
      flight = undefined
    }))
}

/** The code is spent and must not stay in the address, whatever becomes of it. */
const finish = async (manager: UserManager) => {
  const address = location.href
  history.replaceState(null, '', '/')
  try {
    const user = await manager.signinRedirectCallback(address)
    const hash = typeof user.state === 'string' && user.state.startsWith('#/') ? user.state : ''
    history.replaceState(null, '', `/${hash}`)
  } catch (cause) {
    throw new StartError('sign_in_refused', 'the issuer did not finish the sign-in', { cause })
  }
}
