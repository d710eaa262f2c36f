import type { IncomingHttpHeaders } from 'node:http'

/** Whom a key stands for, as `/api/currentuser` tells. */
export type KeyUser = {
  readonly name: string
  readonly groups: readonly string[]
  readonly permissions: readonly string[]
}

/** A user that can look and do nothing: what a key for a relay should stand for. */
export const readOnlyUser: KeyUser = {
  name: 'watcher',
  groups: ['readonly'],
  permissions: ['STATUS', 'FILES_LIST', 'GCODE_VIEWER', 'MONITOR_TERMINAL', 'TIMELAPSE_LIST'],
}

/** A user whose key could move the printer: a reader has to warn of it. */
export const adminUser: KeyUser = {
  name: 'admin',
  groups: ['admins', 'users'],
  permissions: ['STATUS', 'CONNECTION', 'PRINT', 'CONTROL', 'FILES_UPLOAD', 'SYSTEM', 'ADMIN'],
}

/** A random key in the form of the version: 32 hexadecimal digits, or 43 URL-safe characters. */
export const newKey = (length: 32 | 43, random: (bytes: number) => Buffer): string =>
  length === 32 ? random(16).toString('hex') : random(32).toString('base64url')

/** The key of a request: `X-Api-Key` first, then `Authorization: Bearer`. */
export const keyOf = (headers: IncomingHttpHeaders): string | undefined => {
  const own = headers['x-api-key']
  if (typeof own === 'string') return own
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
}
