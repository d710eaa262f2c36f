import { randomBytes } from 'node:crypto'
import { newAgentToken } from '../../functions/relay/publishing/agent-token.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { TestRelay } from '../support/relay.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { personOf, type TokenMaker } from './people.ts'

/** Everybody who may knock: what they may do is in the tables. */
export const roles = [
  'nobody',
  'owner',
  'viewer',
  'single',
  'lapsed',
  'outsider',
  'guest',
  'basicGuest',
  'lapsedGuest',
  'foreignGuest',
  'agent',
  'foreignAgent',
] as const
export type Role = (typeof roles)[number]

/** One site with two printers and all kinds of people; each call makes one that nobody knows yet. */
export interface Tenant {
  readonly siteId: string
  /** The printer that `single` and the guests of one printer may see. */
  readonly printerId: string
  readonly otherId: string
  readonly subs: Readonly<Record<'owner' | 'viewer' | 'single' | 'lapsed', string>>
  /** Link for the first printer in full, for the site in basic, and one that was withdrawn. */
  readonly shares: Readonly<Record<'full' | 'basic' | 'lapsed', { id: string; secret: string }>>
  readonly guestTokens: Readonly<Record<'full' | 'basic' | 'lapsed', string>>
  readonly agentToken: string
  /** Ids that nobody of another tenant may ever be told. */
  readonly ids: readonly string[]
}

const random = (prefix: string): string => `${prefix}${randomBytes(8).toString('hex')}`
/** A source address of its own, so that no rate limit of tries stands between the tests. */
const address = (): string => random('address-')

/** All tenants have the same names of site, printers and people. */
export const makeTenant = async (relay: Relay): Promise<Tenant> => {
  const siteId = random('s')
  const [printerId, otherId] = [random('p'), random('p')]
  const subs = { owner: random('o'), viewer: random('v'), single: random('n'), lapsed: random('l') }
  const owner = personOf(subs.owner)
  await relay.provisionSite({ siteId, name: 'Home', owner: owner.principal })
  const { token: agentToken, hash } = newAgentToken(printerId, randomBytes)
  const other = newAgentToken(otherId, randomBytes)
  await relay.provisionPrinter({ siteId, printerId, name: 'MK4', tokenHash: hash })
  await relay.provisionPrinter({ siteId, printerId: otherId, name: 'MK4', tokenHash: other.hash })
  await relay.grantOnSite(siteId, personOf(subs.viewer).principal, 'viewer')
  await grantOnPrinter(relay.ports, printerId, personOf(subs.single).principal)
  await relay.grantOnSite(siteId, personOf(subs.lapsed).principal, 'viewer')
  await relay.revokeOnSite(siteId, personOf(subs.lapsed).principal)
  const share = (view: 'full' | 'basic', printer?: string) =>
    relay.makeShare(owner, siteId, {
      name: 'TV',
      view,
      display: false,
      lifetime: timeOuts.shareShortest,
      ...(printer !== undefined && { printerId: printer }),
    })
  const shares = {
    full: await share('full', printerId),
    basic: await share('basic'),
    lapsed: await share('full'),
  }
  const redeem = async ({ secret }: { secret: string }) =>
    (await relay.redeemShare(address(), () => secret)).token
  const guestTokens = {
    full: await redeem(shares.full),
    basic: await redeem(shares.basic),
    lapsed: await redeem(shares.lapsed),
  }
  await relay.revokeShare(owner, siteId, shares.lapsed.id)
  const ids = [siteId, printerId, otherId, ...Object.values(subs)]
  ids.push(...Object.values(shares).flatMap(({ id, secret }) => [id, secret]))
  ids.push(...Object.values(guestTokens), agentToken)
  return { siteId, printerId, otherId, subs, shares, guestTokens, agentToken, ids }
}

/** What each role shows in the Authorization header. */
export const credentialsOf = async (
  token: TokenMaker,
  ours: Tenant,
  theirs: Tenant,
): Promise<Record<Role, string | undefined>> => ({
  nobody: undefined,
  owner: await token(ours.subs.owner),
  viewer: await token(ours.subs.viewer),
  single: await token(ours.subs.single),
  lapsed: await token(ours.subs.lapsed),
  outsider: await token(theirs.subs.owner),
  guest: ours.guestTokens.full,
  basicGuest: ours.guestTokens.basic,
  lapsedGuest: ours.guestTokens.lapsed,
  foreignGuest: theirs.guestTokens.basic,
  agent: ours.agentToken,
  foreignAgent: theirs.agentToken,
})

export interface Reply {
  readonly status: number
  readonly code: string | undefined
  readonly text: string
}

/** One request over real HTTP. */
export const ask = async (
  { origin }: TestRelay,
  { method, path, credential, body, headers = {} }: Asked,
): Promise<Reply> => {
  const answer = await fetch(origin + path, {
    method,
    headers: {
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, code: /"code":"(\w+)"/.exec(text)?.[1], text }
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly credential: string | undefined
  readonly body?: unknown
  readonly headers?: Record<string, string>
}
