import type { Ended } from './dial.ts'

/** What happened to a connection and what to do about it, for the log. */
export const describeEnded = (ended: Ended): string => {
  switch (ended.kind) {
    case 'closed':
      return `the connection closed (${ended.code})`
    case 'failed':
      return `the relay cannot be reached (${ended.code}): check relay.url and the network`
    case 'refused':
      return `the relay refuses the connection (${ended.status}): ${advice(ended.status)}`
    default:
      return ended satisfies never
  }
}

const advice = (status: number): string => {
  if (status === 401 || status === 403)
    return 'the token is wrong or was revoked, get a new one and set relay.token'
  if (status === 429) return 'too many connections at once, the agent waits'
  if (status >= 500) return 'a fault of the relay, the agent tries again'
  return "check relay.url, this is not the relay's socket"
}

/** The token is not taken: knocking at full pace can only make it worse. */
export const isDenied = (ended: Ended): boolean =>
  ended.kind === 'refused' && (ended.status === 401 || ended.status === 403)
