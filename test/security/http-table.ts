import type { httpRoutes, RouteKeyOf } from '../../functions/routes.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Role, Tenant } from './tenant.ts'

/** `ok`, or the code (or bare status, where the gateway itself answers) of the refusal. */
export type Verdict = 'ok' | '401' | 'unauthenticated' | 'not_found' | 'not_owner' | 'last_owner'
type Verdicts = Readonly<Record<Role, Verdict>>

interface Row {
  readonly verdicts: Verdicts
  /** The path's `{id}`, where it has one. */
  readonly id?: (tenant: Tenant) => string
  readonly body?: (tenant: Tenant, extra: Extra) => unknown
  /** Prepares what the body names, for a tenant whom nobody else uses. */
  readonly before?: 'invitation' | 'code'
}

/** What was prepared for a row. */
export interface Extra {
  readonly id?: string
  readonly secret?: string
  readonly code?: string
}

/** The JWT authorizer turns away whoever has no token of the issuer. */
const noPerson = {
  nobody: '401',
  guest: '401',
  basicGuest: '401',
  lapsedGuest: '401',
  foreignGuest: '401',
  agent: '401',
  foreignAgent: '401',
} as const

const people = (
  verdicts: Pick<Verdicts, 'owner' | 'viewer' | 'single' | 'lapsed' | 'outsider'>,
): Verdicts => ({ ...noPerson, ...verdicts })

const noGuest = {
  nobody: 'unauthenticated',
  owner: 'unauthenticated',
  viewer: 'unauthenticated',
  single: 'unauthenticated',
  lapsed: 'unauthenticated',
  outsider: 'unauthenticated',
  lapsedGuest: 'unauthenticated',
  agent: 'unauthenticated',
  foreignAgent: 'unauthenticated',
} as const
const guests = (verdicts: Pick<Verdicts, 'guest' | 'basicGuest' | 'foreignGuest'>): Verdicts => ({
  ...noGuest,
  ...verdicts,
})

const all = <V extends Verdict>(verdict: V) => ({
  owner: verdict,
  viewer: verdict,
  single: verdict,
  lapsed: verdict,
  outsider: verdict,
})
/** Answers with what is the caller's own: others get their own, which is nothing of ours. */
const everybody = people(all('ok'))
const whoSeesThePrinter = people({
  owner: 'ok',
  viewer: 'ok',
  single: 'ok',
  lapsed: 'not_found',
  outsider: 'not_found',
})
const whoSeesTheSite = people({
  owner: 'ok',
  viewer: 'ok',
  single: 'not_found',
  lapsed: 'not_found',
  outsider: 'not_found',
})
const ownersOfTheSite = people({
  owner: 'ok',
  viewer: 'not_owner',
  single: 'not_found',
  lapsed: 'not_found',
  outsider: 'not_found',
})
const ownersOfThePrinter = people({
  owner: 'ok',
  viewer: 'not_owner',
  single: 'not_owner',
  lapsed: 'not_found',
  outsider: 'not_found',
})
const guestsOfThePrinter = guests({ guest: 'ok', basicGuest: 'ok', foreignGuest: 'not_found' })
/** Whoever has the secret, or asks nothing of anybody; who they are is not looked at. */
const open: Verdicts = {
  ...all('ok'),
  ...{ nobody: 'ok', agent: 'ok', foreignAgent: 'ok' },
  ...{ guest: 'ok', basicGuest: 'ok', lapsedGuest: 'ok', foreignGuest: 'ok' },
}

const printer = ({ printerId }: Tenant) => printerId
const site = ({ siteId }: Tenant) => siteId
const viewer = ({ subs }: Tenant) => ({ who: `user:${subs.viewer}` })

export type RouteKey = RouteKeyOf<(typeof httpRoutes)[number]['entry']>

/** Every route with who may. A new route without a row is an error of the types. */
export const httpTable: Readonly<Record<RouteKey, Row>> = {
  'GET /healthz': { verdicts: open },
  'GET /v1/printers': { verdicts: everybody },
  'GET /v1/printers/{id}': { verdicts: whoSeesThePrinter, id: printer },
  'GET /v1/printers/{id}/events': { verdicts: whoSeesThePrinter, id: printer },
  'GET /v1/printers/{id}/history': { verdicts: whoSeesThePrinter, id: printer },
  'GET /v1/printers/{id}/prints': { verdicts: whoSeesThePrinter, id: printer },
  'POST /v1/tickets': { verdicts: everybody },
  'GET /v1/guest/printers': {
    verdicts: guests({ guest: 'ok', basicGuest: 'ok', foreignGuest: 'ok' }),
  },
  'GET /v1/guest/printers/{id}': { verdicts: guestsOfThePrinter, id: printer },
  'GET /v1/guest/printers/{id}/events': { verdicts: guestsOfThePrinter, id: printer },
  'GET /v1/guest/printers/{id}/history': { verdicts: guestsOfThePrinter, id: printer },
  'GET /v1/guest/printers/{id}/prints': { verdicts: guestsOfThePrinter, id: printer },
  'POST /v1/guest/tickets': {
    verdicts: guests({ guest: 'ok', basicGuest: 'ok', foreignGuest: 'ok' }),
  },
  'GET /v1/sites': { verdicts: everybody },
  'GET /v1/sites/{id}': { verdicts: whoSeesTheSite, id: site },
  'GET /v1/sites/{id}/audit': { verdicts: ownersOfTheSite, id: site },
  'POST /v1/sites/{id}/name': {
    verdicts: ownersOfTheSite,
    id: site,
    body: () => ({ name: 'Home' }),
  },
  'POST /v1/sites/{id}/people/role': {
    verdicts: ownersOfTheSite,
    id: site,
    body: (tenant) => ({ ...viewer(tenant), role: 'owner' }),
  },
  'POST /v1/sites/{id}/people/remove': { verdicts: ownersOfTheSite, id: site, body: viewer },
  'POST /v1/sites/{id}/leave': {
    verdicts: { ...whoSeesTheSite, owner: 'last_owner' },
    id: site,
    body: () => ({}),
  },
  'POST /v1/printers/{id}/leave': {
    verdicts: people({
      owner: 'not_found',
      viewer: 'not_found',
      single: 'ok',
      lapsed: 'not_found',
      outsider: 'not_found',
    }),
    id: printer,
    body: () => ({}),
  },
  'POST /v1/sites/{id}/invitations': {
    verdicts: ownersOfTheSite,
    id: site,
    body: () => ({ role: 'viewer' }),
  },
  'POST /v1/sites/{id}/invitations/withdraw': {
    verdicts: ownersOfTheSite,
    id: site,
    body: (_, { id }) => ({ id }),
    before: 'invitation',
  },
  'POST /v1/invitations/look': {
    verdicts: everybody,
    body: (_, { secret }) => ({ secret }),
    before: 'invitation',
  },
  'POST /v1/invitations/accept': {
    verdicts: everybody,
    body: (_, { secret }) => ({ secret }),
    before: 'invitation',
  },
  'POST /v1/sessions/end': { verdicts: everybody, body: () => ({}) },
  'POST /v1/sites/{id}/pairing': {
    verdicts: ownersOfTheSite,
    id: site,
    body: () => ({ name: 'MK4' }),
  },
  'POST /v1/printers/{id}/pairing': {
    verdicts: ownersOfThePrinter,
    id: printer,
    body: () => ({}),
  },
  'POST /v1/printers/{id}/name': {
    verdicts: ownersOfThePrinter,
    id: printer,
    body: () => ({ name: 'MK4' }),
  },
  'POST /v1/printers/{id}/remove': {
    verdicts: ownersOfThePrinter,
    id: printer,
    body: () => ({}),
  },
  'POST /v1/printers/{id}/tokens/revoke': {
    verdicts: ownersOfThePrinter,
    id: printer,
    body: () => ({ version: 1 }),
  },
  'POST /v1/pairing/redeem': {
    verdicts: open,
    body: (_, { code }) => ({ code, version: '1.0.0' }),
    before: 'code',
  },
  'POST /v1/sites/{id}/shares': {
    verdicts: ownersOfTheSite,
    id: site,
    body: () => ({ name: 'TV', view: 'basic', lifetime: timeOuts.shareShortest }),
  },
  'POST /v1/sites/{id}/shares/revoke': {
    verdicts: ownersOfTheSite,
    id: site,
    body: ({ shares }) => ({ id: shares.full.id }),
  },
  'POST /v1/shares/redeem': {
    verdicts: open,
    body: ({ shares }) => ({ secret: shares.full.secret }),
  },
}
