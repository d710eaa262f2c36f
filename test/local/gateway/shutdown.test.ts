import { expect, it } from 'vitest'
import { createGateway, gatewayDefaults } from '../../../local/gateway/gateway.ts'
import type { GatewaySetupError } from '../../../local/gateway/errors.ts'
import { ManualClock } from './manual-clock.ts'
import { rawUpgraded } from './raw.ts'
import { recordingRoutes } from './rig.ts'
import { useRigs } from './rigs.ts'

const { start, startRecording } = useRigs()

it('closes sockets with 1001 and runs $disconnect once for each', async () => {
  const rig = await startRecording()
  const clients = [await rig.open(), await rig.open(), await rig.open()]
  await rig.gateway.close()
  for (const client of clients) expect((await client.closed).code).toBe(1001)
  const ended = rig.disconnects.rest().map(({ requestContext }) => requestContext)
  expect(ended.map(({ disconnectStatusCode }) => disconnectStatusCode)).toEqual([1001, 1001, 1001])
  expect(new Set(ended.map(({ connectionId }) => connectionId)).size).toBe(3)
  expect(rig.gateway.stats.connections).toBe(0)
})

it('resolves only when $disconnect handlers and running messages have finished', async () => {
  const { routes } = recordingRoutes()
  const steps: string[] = []
  let letGo = () => {}
  const gate = new Promise<void>((resolve) => (letGo = resolve))
  let begin = () => {}
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const finishing = (step: string) => async () => {
    begin()
    await gate
    steps.push(step)
  }
  const $default = finishing('message')
  const $disconnect = finishing('disconnect')
  const rig = await start({ handlers: { routes: { ...routes, $default, $disconnect } } })
  const client = await rig.open()
  client.say('x')
  await begun
  const closing = rig.gateway.close().then(() => steps.push('closed'))
  await client.closed
  expect(steps).toEqual([])
  letGo()
  await closing
  expect(steps).toEqual(['message', 'disconnect', 'closed'])
})

it('refuses handshakes with 503 once it closes', async () => {
  const rig = await startRecording()
  await rig.gateway.close()
  expect(await rig.refusal()).toBe(503)
})

it('turns a handshake away that $connect was still deciding on, and says $disconnect', async () => {
  const { routes, disconnects } = recordingRoutes()
  let letGo = () => {}
  const gate = new Promise<void>((resolve) => (letGo = resolve))
  let begin = () => {}
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const $connect = async () => {
    begin()
    await gate
    return { statusCode: 200 }
  }
  const rig = await start({ handlers: { routes: { ...routes, $connect } } })
  const refusal = rig.refusal()
  await begun
  const closing = rig.gateway.close()
  letGo()
  expect(await refusal).toBe(503)
  await closing
  expect(disconnects.rest()).toHaveLength(1)
})

it('cuts a client that does not answer the closing handshake', async () => {
  const clock = new ManualClock()
  const rig = await startRecording({ timers: clock, now: clock.now })
  const socket = await rawUpgraded(rig.port)
  await rig.connects.next()
  const closing = rig.gateway.close()
  clock.advance(2_000)
  await closing
  expect(rig.disconnects.rest()).toHaveLength(1)
  socket.destroy()
})

it('has nothing to do the second time', async () => {
  const rig = await startRecording()
  await rig.open()
  await Promise.all([rig.gateway.close(), rig.gateway.close()])
  await rig.gateway.close()
  expect(rig.disconnects.rest()).toHaveLength(1)
})

it.each([
  ['a/b', 'KEY', 'bad-stage'],
  ['', 'KEY', 'bad-stage'],
  ['ws', '', 'no-access-key'],
])('is not set up with stage %j and key %j', (stage, accessKeyId, code) => {
  const handlers = { routes: {} }
  expect(() => createGateway({ ...gatewayDefaults(), handlers, stage, accessKeyId })).toThrow(
    expect.objectContaining({ code }) as GatewaySetupError,
  )
})
