import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { socketRoutes } from '../../functions/routes.ts'
import { startTestRelay, type TestRelay } from '../support/relay.ts'
import { frameTable, mayConnect, type Connected, type Heard } from './frame-table.ts'
import { connectAs, connected, nextOf, ticketOf } from './sockets.ts'
import { makeTenant, roles, type Tenant } from './tenant.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let relay: TestRelay
let theirs: Tenant
beforeAll(async () => {
  relay = await startTestRelay({ agent: false })
  theirs = await makeTenant(relay.relay)
})
afterAll(() => relay.remove())

const connectedRoles = roles.filter((role): role is Connected => mayConnect[role])
const answers = ['subscribed', 'pong', 'renewed', 'welcome', 'resync', 'error']

const hear = async (role: Connected, action: keyof typeof frameTable): Promise<Heard> => {
  const tenant = await makeTenant(relay.relay)
  const client = await connected(relay, role, tenant, theirs)
  const { frame, heard } = frameTable[action]
  const ticket = (await ticketOf(relay, role, tenant, theirs)) ?? 'x'.repeat(43)
  client.say(frame(tenant, ticket))
  // What answers nothing is shown by the answer to the next frame.
  if (heard[role] === 'nothing') client.say({ action: 'after-it' })
  const answer = await nextOf(client, answers)
  client.socket.terminate()
  const { type, code, message } = answer
  for (const id of [...theirs.ids]) expect(JSON.stringify(answer)).not.toContain(id)
  if (heard[role] === 'nothing' && String(message).includes('after-it')) return 'nothing'
  return (type === 'error' ? code : type) as Heard
}

describe.each(Object.keys(frameTable) as (keyof typeof frameTable)[])('%s', (action) => {
  it.each(connectedRoles)('is answered to %s as the table says', async (role) => {
    expect(await hear(role, action)).toBe(frameTable[action].heard[role])
  })
})

describe('$connect', () => {
  it.each(roles)('lets %s in or not, as the table says', async (role) => {
    const tenant = await makeTenant(relay.relay)
    const client = await connectAs(relay, role, tenant, theirs)
    expect(typeof client === 'number' ? client : 'open').toBe(mayConnect[role] ? 'open' : 401)
    if (typeof client !== 'number') client.socket.terminate()
  })
})

it('has a row for every action', () => {
  const actions = Object.keys(socketRoutes).filter((key) => !/^\$(dis)?connect$/.test(key))
  expect(Object.keys(frameTable).sort()).toEqual(actions.sort())
})
