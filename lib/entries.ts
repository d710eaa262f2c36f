import { deployment } from '../functions/deployment.ts'
import type { EntryName } from '../functions/routes.ts'

/** What an entry does to a table; each is one DynamoDB action. */
export type TableAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query'

/** A method on `@connections`: GET asks whether a connection is open. */
export type ConnectionMethod = 'GET' | 'POST' | 'DELETE'

/** All that an entry may do. test/bundles refuses every call beyond it, and every right without use. */
export interface Permissions {
  readonly live: readonly TableAction[]
  readonly directory: readonly TableAction[]
  /** May query the sparse index of the live table. */
  readonly aliveIndex: boolean
  /** Methods on `@connections`. */
  readonly connections: readonly ConnectionMethod[]
  readonly invokesBroadcast: boolean
  /** What it does to the accounts of our own user pool. */
  readonly accounts: readonly AccountAction[]
}

/** Each is one action of Cognito. */
export type AccountAction = 'AdminCreateUser' | 'AdminUserGlobalSignOut' | 'ListUsers'

export interface Entry {
  readonly does: string
  /** MB; a Lambda's share of a CPU grows with it. */
  readonly memory: number
  /** ms */
  readonly timeOut: number
  readonly permissions: Permissions
}

const nothing: Permissions = {
  live: [],
  directory: [],
  aliveIndex: false,
  connections: [],
  invokesBroadcast: false,
  accounts: [],
}

const small = { memory: 256, timeOut: deployment.handlerMs }
/**
 * For those that post to many, or end the connections of many before they answer: a post costs about
 * 0.65 ms of a whole CPU, of which 256 MB have a seventh.
 */
const large = { memory: 1024, timeOut: deployment.handlerMs }

/** Each Lambda's size and rights: the least that its use cases need. */
export const entries: Readonly<Record<EntryName, Entry>> = {
  authorizer: {
    ...small,
    does: 'decides who may open a WebSocket',
    permissions: { ...nothing, live: ['DeleteItem'], directory: ['GetItem'] },
  },
  connect: {
    ...small,
    does: 'writes a new connection down and answers with the subprotocol',
    permissions: {
      ...nothing,
      live: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      directory: ['GetItem'],
      connections: ['GET'],
    },
  },
  disconnect: {
    ...small,
    does: 'takes a connection out and tells viewers that an agent went',
    permissions: {
      ...nothing,
      live: ['UpdateItem', 'DeleteItem', 'Query'],
      connections: ['POST'],
      invokesBroadcast: true,
    },
  },
  default: {
    ...small,
    does: 'answers what is no frame of ours with an error',
    permissions: { ...nothing, connections: ['POST'] },
  },
  'agent-message': {
    ...large,
    does: 'stores what an agent publishes and passes it on',
    permissions: {
      ...nothing,
      live: ['GetItem', 'UpdateItem', 'DeleteItem', 'Query'],
      directory: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
      connections: ['POST', 'DELETE'],
      invokesBroadcast: true,
    },
  },
  'viewer-message': {
    ...small,
    does: 'answers a viewer: subscribe, sync, renew, ping',
    permissions: {
      ...nothing,
      live: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      directory: ['GetItem', 'Query'],
      connections: ['POST'],
    },
  },
  printers: {
    ...small,
    does: 'GET /v1/printers',
    permissions: { ...nothing, live: ['GetItem'], directory: ['GetItem', 'DeleteItem', 'Query'] },
  },
  printer: {
    ...small,
    does: 'GET /v1/printers/{id}',
    permissions: { ...nothing, live: ['GetItem'], directory: ['GetItem'] },
  },
  events: {
    ...small,
    does: 'GET /v1/printers/{id}/events',
    permissions: { ...nothing, live: ['GetItem'], directory: ['GetItem', 'Query'] },
  },
  history: {
    // A week is some megabytes to decode.
    ...large,
    does: 'GET /v1/printers/{id}/history',
    permissions: { ...nothing, live: ['GetItem'], directory: ['GetItem', 'Query'] },
  },
  prints: {
    ...small,
    does: 'GET /v1/printers/{id}/prints',
    permissions: { ...nothing, live: ['GetItem'], directory: ['GetItem', 'Query'] },
  },
  tickets: {
    ...small,
    does: 'gives a ticket for one socket',
    permissions: { ...nothing, live: ['GetItem', 'PutItem'], directory: ['GetItem'] },
  },
  sites: {
    ...small,
    does: 'shows sites, their people and links, and their audit',
    permissions: {
      ...nothing,
      directory: ['GetItem', 'PutItem', 'DeleteItem', 'Query'],
    },
  },
  people: {
    ...large,
    does: 'changes who belongs to a site, and ends what they have open',
    permissions: {
      ...nothing,
      live: ['GetItem', 'PutItem', 'DeleteItem', 'Query'],
      directory: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      connections: ['POST', 'DELETE'],
      accounts: ['AdminCreateUser'],
    },
  },
  sessions: {
    ...small,
    does: 'signs a person out everywhere',
    permissions: {
      ...nothing,
      live: ['GetItem', 'PutItem'],
      directory: ['GetItem', 'PutItem'],
      connections: ['POST', 'DELETE'],
      accounts: ['AdminUserGlobalSignOut', 'ListUsers'],
    },
  },
  pairing: {
    ...large,
    does: 'gives pairing codes, renames and removes printers',
    permissions: {
      ...nothing,
      live: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      directory: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      connections: ['POST', 'DELETE'],
    },
  },
  'pairing-redeem': {
    ...large,
    does: 'gives an agent its token for a code',
    permissions: {
      ...nothing,
      live: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      directory: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      connections: ['POST', 'DELETE'],
    },
  },
  shares: {
    ...large,
    does: 'makes and withdraws share links',
    permissions: {
      ...nothing,
      live: ['GetItem', 'PutItem', 'DeleteItem', 'Query'],
      directory: ['GetItem', 'PutItem', 'DeleteItem', 'Query'],
      connections: ['POST', 'DELETE'],
    },
  },
  'shares-redeem': {
    ...small,
    does: 'gives a guest a token for a share link',
    permissions: { ...nothing, live: ['GetItem', 'PutItem'], directory: ['GetItem'] },
  },
  healthz: {
    ...small,
    does: 'GET /healthz',
    permissions: { ...nothing, live: ['GetItem'], directory: ['GetItem'] },
  },
  broadcast: {
    ...large,
    does: 'serves a batch of a large audience',
    permissions: { ...nothing, live: ['DeleteItem'], connections: ['POST'] },
  },
  watchdog: {
    ...small,
    timeOut: deployment.watchdogEveryMs,
    does: 'finds agents that fell silent',
    permissions: {
      ...nothing,
      live: ['GetItem', 'UpdateItem', 'DeleteItem', 'Query'],
      directory: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
      aliveIndex: true,
      connections: ['POST', 'DELETE'],
      invokesBroadcast: true,
    },
  },
  'token-claims': {
    ...small,
    // Cognito gives up after 5 s.
    timeOut: 5_000,
    does: 'puts the verified address into access tokens',
    permissions: nothing,
  },
}
