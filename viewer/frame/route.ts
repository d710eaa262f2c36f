import { printerIdSchema, type PrinterId } from '../../protocol/ids.ts'
import { secretSchema } from '../../protocol/secret.ts'

export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'add' }
  | { readonly page: 'printer'; readonly id: PrinterId }
  | { readonly page: 'site'; readonly id: string }
  | { readonly page: 'invite' }
  | { readonly page: 'guest'; readonly secret: string; readonly id: PrinterId | undefined }

/** What the list and all its links begin with, for people. */
export const home = '#/'

/** The same for guests of a share link: its secret stays in the fragment, for a reload. */
export const guestHome = (secret: string): string => `#/s/${secret}/`

/** Hash routes, so that a reload works on any static host. Anything else is the list. */
export const routeOf = (hash: string): Route => {
  if (hash === '#/add') return { page: 'add' }
  if (/^#\/invite(\/|$)/.test(hash)) return { page: 'invite' }
  const [, secret, rest = '/'] = /^#\/s\/([^/]*)(\/.*)?$/.exec(hash) ?? []
  if (secret !== undefined) return { page: 'guest', secret, id: printerIn(`#${rest}`) }
  const site = /^#\/sites\/([A-Za-z0-9-]{1,40})$/.exec(hash)?.[1]
  if (site !== undefined) return { page: 'site', id: site }
  const id = printerIn(hash)
  return id === undefined ? { page: 'list' } : { page: 'printer', id }
}

const printerIn = (hash: string): PrinterId | undefined => {
  const id = /^#\/printers\/([^/]+)$/.exec(hash)?.[1]
  return id !== undefined && printerIdSchema.safeParse(id).success ? id : undefined
}

/** The secret of an invitation's link. */
export const invitationIn = (hash: string): string | undefined => {
  const secret = /^#\/invite\/([^/]+)$/.exec(hash)?.[1]
  return secret !== undefined && secretSchema.safeParse(secret).success ? secret : undefined
}

export const hrefOf = (id: PrinterId, base: string = home): string => `${base}printers/${id}`
export const hrefOfSite = (id: string): string => `#/sites/${id}`
export const addHref = '#/add'
export const inviteHref = '#/invite'

/** Links to give to others; the secret travels in the fragment, which no server sees. */
export const invitationLink = (origin: string, secret: string): string =>
  `${origin}/#/invite/${secret}`
export const shareLink = (origin: string, secret: string): string => `${origin}/#/s/${secret}`
