import { printerIdSchema, type PrinterId } from '../protocol/ids.ts'

export type Route = { readonly page: 'list' } | { readonly page: 'printer'; readonly id: PrinterId }

/** Hash routes, so that a reload works on any static host. Anything else is the list. */
export const routeOf = (hash: string): Route => {
  const id = /^#\/printers\/([^/]+)$/.exec(hash)?.[1]
  return id !== undefined && printerIdSchema.safeParse(id).success
    ? { page: 'printer', id }
    : { page: 'list' }
}

export const hrefOf = (id: PrinterId): string => `#/printers/${id}`
