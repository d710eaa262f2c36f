import { expect, it } from 'vitest'
import { createGuest } from '../../client/guest.ts'
import { printerView, scriptedRelay } from './scripted-relay.ts'
import { settle, virtualTime } from './virtual-time.ts'

it('a ticket whose body never comes is given up after 10 s, and asked for again', async () => {
  const relay = scriptedRelay()
  const { respond } = relay
  relay.respond = (ask) =>
    ask.path === '/v1/tickets' ? { status: 200, stalls: true } : respond(ask)
  relay.client.start()
  await relay.time.pass(9_999)
  expect(relay.client.state().link.phase).toBe('dialling')
  await relay.time.pass(1)
  expect(relay.client.state().link.phase).toBe('waiting')
  expect(relay.asked.at(-1)?.signal.aborted).toBe(true)
  relay.respond = respond
  await relay.time.pass(1_000)
  expect(relay.peers).toHaveLength(1)
})

it('a poll whose body never comes does not end the polling', async () => {
  const relay = scriptedRelay()
  relay.respond = () => ({ status: 200, stalls: true })
  relay.client.start()
  relay.client.watch('p1')
  await relay.time.pass(30_000)
  relay.respond = ({ path }) =>
    path === '/v1/printers/p1'
      ? { status: 200, body: printerView(relay.time, 'p1') }
      : { status: 503 }
  await relay.time.pass(20_000)
  expect(relay.client.state().printers.p1?.badge).toBe('polling')
})

it('a guest whose pass never comes asks anew', async () => {
  const time = virtualTime()
  let asked = 0
  const guest = createGuest({
    ...{ clock: time, secret: 's', kept: undefined, keep: () => {} },
    config: { api: 'https://relay.test', socket: 'wss://relay.test/live' },
    fetch: async () => {
      asked++
      return { status: 200, headers: { get: () => null }, text: () => new Promise(() => {}) }
    },
  })
  const first = guest.pass().catch((error: unknown) => error)
  await time.pass(10_000)
  expect(await first).toMatchObject({ code: 'no_answer', retryable: true })
  void guest.pass().catch(() => {})
  await settle()
  expect(asked).toBe(2)
})

it('a token that never comes is given up after 10 s, and asked for again', async () => {
  const relay = scriptedRelay()
  const { token } = relay
  relay.token = () => new Promise(() => {})
  relay.client.start()
  await relay.time.pass(10_000)
  expect(relay.client.state().link.phase).toBe('waiting')
  relay.token = token
  await relay.time.pass(1_000)
  expect(relay.peers).toHaveLength(1)
  relay.client.stop()
  expect(relay.time.pending()).toBe(0)
})
