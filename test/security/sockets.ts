import { openClient, refusalOf, type Client } from '../local/gateway/client.ts'
import { userPrincipal } from '../../functions/relay/caller.ts'
import type { TestRelay } from '../support/relay.ts'
import { watcherOf } from '../support/watcher.ts'
import { ask, type Role, type Tenant } from './tenant.ts'

const protocols = ['fluxrelay.v1']
const hour = 3_600_000

/** A ticket as the role gets it: guests by their token over HTTP, people for their sign-in. */
export const ticketOf = async (
  relay: TestRelay,
  role: Role,
  tenant: Tenant,
  theirs: Tenant,
): Promise<string | undefined> => {
  const sub = subOf(role, tenant, theirs)
  if (sub !== undefined) {
    const watcher = watcherOf(userPrincipal(sub), Date.now() + hour)
    return (await relay.relay.issueTicket(watcher)).ticket
  }
  const credential = guestTokenOf(role, tenant, theirs)
  if (credential === undefined) return undefined
  const reply = await ask(relay, { method: 'POST', path: '/v1/guest/tickets', credential })
  return /"ticket":"([\w-]+)"/.exec(reply.text)?.[1]
}

const subOf = (role: Role, { subs }: Tenant, theirs: Tenant): string | undefined => {
  if (role === 'outsider') return theirs.subs.owner
  return role in subs ? subs[role as keyof typeof subs] : undefined
}

const guestTokenOf = (role: Role, tenant: Tenant, theirs: Tenant): string | undefined => {
  const { guestTokens } = tenant
  const tokens: Partial<Record<Role, string>> = {
    guest: guestTokens.full,
    basicGuest: guestTokens.basic,
    lapsedGuest: guestTokens.lapsed,
    foreignGuest: theirs.guestTokens.basic,
  }
  return tokens[role]
}

const agentTokenOf = (role: Role, tenant: Tenant, theirs: Tenant): string | undefined =>
  role === 'agent' ? tenant.agentToken : role === 'foreignAgent' ? theirs.agentToken : undefined

export const socketUrl = ({ origin }: TestRelay): string => `${origin.replace('http', 'ws')}/ws`

/** Opens a socket as the role; the status of the refusal where it gets none. */
export const connectAs = async (
  relay: TestRelay,
  role: Role,
  tenant: Tenant,
  theirs: Tenant,
): Promise<Client | number> => {
  const token = agentTokenOf(role, tenant, theirs)
  if (token !== undefined)
    return openClient(socketUrl(relay), {
      protocols,
      headers: { Authorization: `Bearer ${token}` },
    })
  const ticket = await ticketOf(relay, role, tenant, theirs)
  const url = `${socketUrl(relay)}${ticket === undefined ? '' : `?ticket=${ticket}`}`
  return ticket === undefined ? refusalOf(url, { protocols }) : openClient(url, { protocols })
}

/** The same where it must open. */
export const connected = async (...args: Parameters<typeof connectAs>): Promise<Client> => {
  const client = await connectAs(...args)
  if (typeof client === 'number') throw new TypeError(`${args[1]} was refused with ${client}`)
  return client
}

/** The first frame whose type is among these. */
export const nextOf = async (
  { frames }: Client,
  types: readonly string[],
): Promise<Record<string, unknown>> => {
  for (;;) {
    const frame = JSON.parse(await frames.next()) as Record<string, unknown>
    if (types.includes(String(frame['type']))) return frame
  }
}
