import type { IncomingMessage } from 'node:http'

const keyShape = /^[+/0-9A-Za-z]{22}==$/
const tokenShape = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const protocolsAreFine = (header: string | undefined): boolean => {
  if (header === undefined) return true
  const names = header.split(',').map((name) => name.trim())
  return names.every((name) => tokenShape.test(name)) && new Set(names).size === names.length
}

/**
 * The status for an upgrade that is not a WebSocket handshake, or undefined. It is asked before the
 * authorizer and `$connect` run, for those would otherwise record a connection that never comes.
 */
export const badHandshake = ({ method, headers }: IncomingMessage): number | undefined => {
  if (method !== 'GET') return 405
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 400
  if (!keyShape.test(headers['sec-websocket-key'] ?? '')) return 400
  const version = headers['sec-websocket-version']
  if (version !== '13' && version !== '8') return 400
  return protocolsAreFine(headers['sec-websocket-protocol']) ? undefined : 400
}
