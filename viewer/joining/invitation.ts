import { invitationIn, inviteHref } from '../frame/route.ts'

const name = 'fluxrelay.invitation'

/**
 * Takes an invitation's secret out of the address bar, where others may see it, into this tab's
 * storage: so it survives the sign-in, a reload, and a sign-in with another account.
 */
export const takeInvitation = (): void => {
  const secret = invitationIn(location.hash)
  if (secret === undefined) return
  sessionStorage.setItem(name, secret)
  history.replaceState(null, '', inviteHref)
}

export const heldInvitation = (): string | undefined => sessionStorage.getItem(name) ?? undefined

/** Back from a sign-out, the invitation is what one came for. */
export const returnToInvitation = (): void => {
  if (location.hash === '' && heldInvitation() !== undefined)
    history.replaceState(null, '', inviteHref)
}

/** It was accepted, or leads nowhere. */
export const dropInvitation = (): void => sessionStorage.removeItem(name)
