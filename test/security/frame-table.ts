import type { socketRoutes } from '../../functions/routes.ts'
import type { Role, Tenant } from './tenant.ts'

/** The first frame that answers: its type, or the code of the `error`; a status where no socket opens. */
export type Heard =
  | 'subscribed'
  | 'pong'
  | 'renewed'
  | 'welcome'
  | 'resync'
  | 'wrong_role'
  | 'not_found'
  | 'unknown_action'
  | 'unauthenticated'
  | 'nothing'

type Action = Exclude<keyof typeof socketRoutes, '$connect' | '$disconnect'>
/** Who can have a socket at all: the table for `$connect` is `mayConnect`. */
export type Connected = Exclude<Role, 'nobody' | 'lapsedGuest'>

interface FrameRow {
  readonly frame: (tenant: Tenant, ticket: string) => object
  readonly heard: Readonly<Record<Connected, Heard>>
}

/** Without token or ticket there is no socket; a withdrawn link gives no ticket. */
export const mayConnect: Readonly<Record<Role, boolean>> = {
  nobody: false,
  owner: true,
  viewer: true,
  single: true,
  // They hold a ticket of their own; what they may see is asked with each subscribe.
  lapsed: true,
  outsider: true,
  guest: true,
  basicGuest: true,
  lapsedGuest: false,
  foreignGuest: true,
  agent: true,
  foreignAgent: true,
}

const viewers = (heard: Heard) => ({
  owner: heard,
  viewer: heard,
  single: heard,
  lapsed: heard,
  outsider: heard,
  guest: heard,
  basicGuest: heard,
  foreignGuest: heard,
})
const agents = (heard: Heard) => ({ agent: heard, foreignAgent: heard })
const strangers = (heard: Heard) => ({ lapsed: heard, outsider: heard, foreignGuest: heard })
const onlyViewers = (heard: Heard) => ({ ...viewers(heard), ...agents('wrong_role') })
const onlyAgents = (heard: Heard) => ({ ...viewers('wrong_role'), ...agents(heard) })

const emptySections = { connection: {}, status: {}, temperature: {}, job: {}, progress: {} }
const common = { mode: 'watched', interval: 30_000, agentNow: 1 }

/** Every frame with what each role hears. A new action without a row is an error of the types. */
export const frameTable: Readonly<Record<Action, FrameRow>> = {
  subscribe: {
    frame: ({ printerId }) => ({ action: 'subscribe', printerId, rid: 1 }),
    heard: { ...onlyViewers('subscribed'), ...strangers('not_found') },
  },
  unsubscribe: {
    frame: ({ printerId }) => ({ action: 'unsubscribe', printerId, rid: 1 }),
    heard: onlyViewers('nothing'),
  },
  sync: {
    // Without a subscription there is nothing to sync, whoever asks.
    frame: ({ printerId }) => ({ action: 'sync', printerId, rid: 1 }),
    heard: onlyViewers('pong'),
  },
  ping: {
    frame: ({ printerId }) => ({ action: 'ping', subs: { [printerId]: 1 } }),
    heard: onlyViewers('pong'),
  },
  renew: {
    frame: (_, ticket) => ({ action: 'renew', ticket }),
    heard: onlyViewers('renewed'),
  },
  hello: {
    // It names no printer: an agent speaks for the one of its token.
    frame: () => ({
      ...{ action: 'hello', instance: 'instance-1', fresh: true, seq: 1, version: '0' },
      ...{ agentNow: 1, interval: 30_000, state: emptySections },
    }),
    heard: onlyAgents('welcome'),
  },
  publish: {
    frame: () => ({ action: 'publish', seq: 2, full: emptySections, ...common, ack: true }),
    heard: onlyAgents('resync'),
  },
  $default: {
    frame: () => ({ action: 'print' }),
    heard: { ...viewers('unknown_action'), ...agents('unknown_action') },
  },
}
