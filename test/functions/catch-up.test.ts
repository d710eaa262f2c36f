import { expect, it } from 'vitest'
import { appendEvents } from '../../functions/relay/past/append-events.ts'
import { makeWorld, printerId, startOfTime, subscribeOf } from '../model/world.ts'

const eventsSince = async (since: number | undefined, count: number) => {
  const world = await makeWorld()
  const body = { type: 'printer_connected' } as const
  const events = Array.from({ length: count }, (_, i) => i + 1)
  await appendEvents(
    world.ports,
    printerId,
    events.map((m) => ({ src: 'source-a', m, at: startOfTime, body })),
  )
  const viewer = await world.viewer('viewer-1')
  await world.said(viewer, { ...subscribeOf(1), ...(since !== undefined && { since }) })
  return world.toViewer('viewer-1').flatMap((frame) => (frame.type === 'event' ? [frame.n] : []))
}

it.each([
  [undefined, 3, []],
  [1, 3, [2, 3]],
  [3, 3, []],
  [9, 3, []],
  [0, 21, []],
  [1, 21, Array.from({ length: 20 }, (_, i) => i + 2)],
])('a viewer that has shown %s of %i is told %j', async (since, count, told) => {
  expect(await eventsSince(since, count)).toEqual(told)
})
