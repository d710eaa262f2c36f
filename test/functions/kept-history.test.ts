import { expect, it } from 'vitest'
import { connectionKey, stateKey } from '../../functions/relay/table/keys.ts'
import { encodeColumn } from '../../protocol/history-codec.ts'
import {
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  type World,
} from '../model/world.ts'

const history = {
  ...{ chunk: 0, age: 4000, step: 2000, length: 2 },
  columns: { 'tool0.actual': encodeColumn([2000, 2010]) },
}
const anyTime = { from: undefined, to: undefined, resolution: 1000 }

/** An agent whose connection the relay took for gone although it lives. */
const forgotten = async () => {
  const world = await makeWorld({ start: startOfTime })
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  await world.ports.live.delete(connectionKey('agent-1'))
  const publish = (seq: number) => world.said(agent, keyframeOf(seq, { ack: true, history }))
  return { world, publish }
}
const samples = async (world: World) =>
  (await world.relay.history(owner, printerId, anyTime)).at.length
const acks = (world: World) =>
  world.toAgent('agent-1').flatMap((frame) => (frame.type === 'ack' ? [frame.seq] : []))

it('history of a connection whose item is gone is stored for the owner that STATE names', async () => {
  const { world, publish } = await forgotten()
  await publish(2)
  expect(await samples(world)).toBe(2)
  expect(acks(world)).toEqual([2])
})

it('history of nobody known is not confirmed, so that its agent keeps it', async () => {
  const { world, publish } = await forgotten()
  await world.ports.live.update(stateKey(printerId), { remove: ['inst'] })
  await publish(2)
  expect(await samples(world)).toBe(0)
  expect(acks(world)).toEqual([])
})
