import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { httpRoutes } from '../../functions/routes.ts'
import { startTestRelay, type TestRelay } from '../support/relay.ts'
import { httpTable, type Extra, type RouteKey, type Verdict } from './http-table.ts'
import { personOf, tokenMaker, type TokenMaker } from './people.ts'
import {
  ask,
  credentialsOf,
  makeTenant,
  roles,
  type Reply,
  type Role,
  type Tenant,
} from './tenant.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let relay: TestRelay
let token: TokenMaker
/** Two tenants alike in every name, whom refused requests leave as they are. */
let ours: Tenant
let theirs: Tenant
beforeAll(async () => {
  relay = await startTestRelay({ agent: false })
  token = await tokenMaker(relay)
  ours = await makeTenant(relay.relay)
  theirs = await makeTenant(relay.relay)
})
afterAll(() => relay.remove())

const prepare = async (what: 'invitation' | 'code' | undefined, tenant: Tenant): Promise<Extra> => {
  const owner = personOf(tenant.subs.owner)
  switch (what) {
    case 'invitation':
      return relay.relay.invite(owner, tenant.siteId, { role: 'viewer' })
    case 'code':
      return relay.relay.newPrinterCode(owner, tenant.siteId, 'MK4')
    case undefined:
      return {}
    default:
      return what satisfies never
  }
}

type Route = (typeof httpRoutes)[number]
const keyOf = ({ method, path }: Route) => `${method} ${path}` as RouteKey
const rowOf = (route: Route) => httpTable[keyOf(route)]

/** Secrets open what they are for to anybody, so a few roles tell as much as all. */
const rolesFor = ({ access }: Route): readonly Role[] =>
  access === 'secret' ? ['nobody', 'owner', 'foreignGuest'] : roles

const call = async (
  route: Route,
  role: Role,
  tenant: Tenant,
  others: Tenant = theirs,
  headers: Record<string, string> = {},
): Promise<Reply> => {
  const { id, body, before } = rowOf(route)
  const extra = await prepare(before, tenant)
  const credentials = await credentialsOf(token, tenant, others)
  return ask(relay, {
    method: route.method,
    path: route.path.replace('{id}', id?.(tenant) ?? ''),
    credential: credentials[role],
    ...(body && { body: body(tenant, extra) }),
    headers,
  })
}

const verdictOf = ({ status, code }: Reply): Verdict =>
  (status === 200 ? 'ok' : (code ?? String(status))) as Verdict

/** Whose ids an answer to somebody may not have; what a secret leads to is the holder's. */
const foreignIds = (route: Route, role: Role, tenant: Tenant): readonly string[] => {
  if (role === 'foreignGuest' || role === 'outsider' || role === 'foreignAgent') {
    const { body, before } = rowOf(route)
    return before !== undefined || (route.access === 'secret' && body) ? [] : tenant.ids
  }
  return theirs.ids
}

describe.each(httpRoutes.map((route) => [keyOf(route), route] as const))('%s', (_key, route) => {
  const { verdicts } = rowOf(route)
  const may = rolesFor(route).filter((role) => verdicts[role] === 'ok')
  const mayNot = rolesFor(route).filter((role) => verdicts[role] !== 'ok')

  it.runIf(may.length > 0)(`lets in ${may.join(', ')}`, async () => {
    for (const role of may) {
      // What is changed is nobody else's; reading leaves the shared tenant as it is.
      const reads = route.method === 'GET'
      const tenant = reads ? ours : await makeTenant(relay.relay)
      const others = reads ? theirs : await makeTenant(relay.relay)
      const reply = await call(route, role, tenant, others)
      expect([role, verdictOf(reply)]).toEqual([role, 'ok'])
      for (const id of foreignIds(route, role, tenant)) expect(reply.text).not.toContain(id)
    }
  })

  it.runIf(mayNot.length > 0)(`refuses ${mayNot.join(', ')}`, async () => {
    for (const role of mayNot) {
      const plain = await call(route, role, ours)
      const forged = await call(route, role, ours, theirs, forgedHeaders(ours))
      for (const reply of [plain, forged]) {
        expect([role, verdictOf(reply)]).toEqual([role, verdicts[role]])
        for (const id of [...ours.ids, ...theirs.ids]) expect(reply.text).not.toContain(id)
      }
    }
  })
})

/** What a proxy or a gateway would say of somebody: from outside it is worth nothing. */
const forgedHeaders = ({ subs, siteId, agentToken }: Tenant): Record<string, string> => ({
  'x-forwarded-for': '127.0.0.1',
  'x-real-ip': '127.0.0.1',
  forwarded: `for=127.0.0.1;by=${siteId}`,
  'x-forwarded-user': `user:${subs.owner}`,
  'x-amzn-oidc-identity': subs.owner,
  'x-amzn-oidc-data': agentToken,
  'x-fluxrelay-principal': `user:${subs.owner}`,
  principal: `user:${subs.owner}`,
})

it('has a row for every route, and no other', () => {
  expect(Object.keys(httpTable).sort()).toEqual(httpRoutes.map(keyOf).sort())
})
