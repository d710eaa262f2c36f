import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { gatewaySender } from '../../functions/aws/gateway-sender.ts'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { createRelay, type Relay } from '../../functions/relay/create-relay.ts'
import type { Ports, Sender } from '../../functions/relay/ports.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { broadcast } from '../../functions/relay/watching/fan-out.ts'
import { createFaults } from '../../local/gateway/faults.ts'
import { gatewayHandlers } from '../../local/run/entries.ts'
import type { Client } from '../local/gateway/client.ts'
import { startRig, type Rig } from '../local/gateway/rig.ts'
import { toldLog } from '../support/told-log.ts'
import { watcherOf } from '../support/watcher.ts'
import { nextOf } from './sockets.ts'
import { makeTenant, type Tenant } from './tenant.ts'

// §5 and AWS-FACTS: ids of connections that ended may come again.

/** What every new id is made of while it is set. */
let sameBytes: Buffer | undefined
let relay: Relay
let rig: Rig
let ours: Tenant
let theirs: Tenant
beforeAll(async () => {
  let sender: Sender = {
    send: async () => 'gone',
    close: async () => {},
    isOpen: async () => false,
  }
  const log = toldLog()
  const ports: Ports = {
    ...{ live: memoryTable(), directory: memoryTable(), now: Date.now, randomBytes, log },
    metrics: { count: () => {}, observe: () => {} },
    invokeBroadcast: (batch) => broadcast(ports, batch),
    sender: {
      send: (to, text) => sender.send(to, text),
      close: (to) => sender.close(to),
      isOpen: (to) => sender.isOpen(to),
    },
  }
  const admission = { emails: [], domains: [], group: undefined }
  relay = createRelay(ports, { origins: [], admission })
  const faults = createFaults(1)
  faults.set({ loseDisconnect: 1 })
  rig = await startRig({
    ...{ handlers: gatewayHandlers(relay), faults },
    randomBytes: (count) => sameBytes?.subarray(0, count) ?? randomBytes(count),
  })
  sender = gatewaySender({ client: rig.sdk, log })
  ours = await makeTenant(relay)
  theirs = await makeTenant(relay)
})
afterAll(() => rig.stop())

const protocols = ['fluxrelay.v1']
const viewerOf = async ({ subs }: Tenant): Promise<Client> => {
  const who = watcherOf(userPrincipal(subs.viewer), Date.now() + 3_600_000)
  const { ticket } = await relay.issueTicket(who)
  return rig.open({ protocols, query: `?ticket=${ticket}` })
}
const watch = async (client: Client, { printerId }: Tenant) => {
  client.say({ action: 'subscribe', printerId, rid: 1 })
  return nextOf(client, ['subscribed', 'error'])
}

it('a connection id that comes again brings nothing of who had it, and nothing to them', async () => {
  const agent = await rig.open({
    ...{ protocols, headers: { Authorization: `Bearer ${ours.agentToken}` } },
  })
  const common = { interval: 30_000, agentNow: 1 }
  const instance = 'instance-1'
  const state = {
    ...{ connection: { octoprint: 'ok' }, status: { text: 'Printing', printing: true } },
    ...{ temperature: { 'tool0.actual': 200 }, job: { name: 'benchy.gcode' } },
    progress: { completion: 10 },
  }
  agent.say({ action: 'hello', instance, fresh: true, seq: 1, version: '0', ...common, state })
  expect(await nextOf(agent, ['welcome', 'error'])).toMatchObject({ type: 'welcome' })

  sameBytes = Buffer.alloc(11, 7)
  const first = await viewerOf(ours)
  expect(await watch(first, ours)).toMatchObject({ type: 'subscribed' })
  first.socket.terminate()
  await first.closed
  const second = await viewerOf(theirs)
  sameBytes = undefined

  agent.say({ action: 'publish', seq: 2, full: state, mode: 'watched', ...common, ack: true })
  await nextOf(agent, ['ack'])
  expect(await watch(second, ours)).toMatchObject({ type: 'error', code: 'not_found' })
  expect(await watch(second, theirs)).toMatchObject({ type: 'subscribed' })
  agent.say({ action: 'publish', seq: 3, full: state, mode: 'watched', ...common, ack: true })
  await nextOf(agent, ['ack'])
  second.say({ action: 'ping', subs: {} })
  const told = await nextOf(second, ['pong', 'state', 'event', 'presence'])
  expect(told).toMatchObject({ type: 'pong' })
  expect(rig.gateway.stats.connections).toBe(2)
})
