import { describe, expect, it } from 'vitest'
import { deployment } from '../../functions/deployment.ts'
import { aliveIndex } from '../../functions/relay/table/alive-index.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { mortal } from '../model/actors.ts'
import { explore, type Scenario } from '../model/explore.ts'
import { storedState } from '../model/watcher.ts'
import {
  genOf,
  helloOf,
  keyframeOf,
  makeWorld,
  printerId,
  startOfTime,
  subscribeOf,
} from '../model/world.ts'

/** Whose order against the other run's writes decides nothing but a refusal. */
const reads: readonly string[] = ['get', 'alive']
const silence = 2.5 * 30_000

const printing = async (status: PrinterState['status'] = { printing: true }) => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1, { state: { ...helloOf(1).state, status } }))
  const viewer = await world.viewer('viewer-1')
  await world.said(viewer, subscribeOf(1))
  return { world, agent, viewer }
}

const eventsIn = async ({ ports }: Awaited<ReturnType<typeof makeWorld>>) =>
  (await ports.directory.query({ pk: `E#${printerId}` })).items

describe('watchdog', () => {
  it('tells once of an agent that fell silent, after two and a half silences', async () => {
    const { world, agent } = await printing()
    world.clock.now += silence
    await world.relay.watch()
    expect(await eventsIn(world)).toEqual([])
    world.clock.now += 1
    await world.relay.watch()
    await world.relay.watch()
    const body = { type: 'agent_silent', printing: true }
    expect(world.toViewer('viewer-1').slice(-2)).toEqual([
      { type: 'event', printerId, n: 1, at: world.clock.now, body },
      { type: 'presence', printerId, gen: genOf(agent), seq: 1, online: false },
    ])
    expect(await eventsIn(world)).toMatchObject([{ src: 'relay' }])
    expect((await storedState(world)).alive).toBeUndefined()
  })

  it.each([
    ['paused', { printing: false, paused: true }, true],
    ['on the way to a pause', { printing: false, pausing: true }, true],
    ['being cancelled', { printing: false, cancelling: true }, true],
    ['idle', { printing: false, paused: false, ready: true }, false],
  ])('says whether a job is under way: %s', async (_what, status, isUnderWay) => {
    const { world } = await printing(status)
    world.clock.now += silence + 1
    await world.relay.watch()
    const rings = world.logged.some(({ message }) => message === deployment.silentWhilePrinting)
    expect(rings).toBe(isUnderWay)
    const body = JSON.stringify({ type: 'agent_silent', printing: isUnderWay })
    expect(await eventsIn(world)).toMatchObject([{ body }])
  })

  it('tells once, also when it is killed anywhere and runs again', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const { world } = await printing()
        world.clock.now += silence + 1
        return {
          world,
          actors: [
            mortal({ name: 'first', run: (relay) => relay.watch() }),
            { name: 'second', run: (relay) => relay.watch() },
          ],
          check: async () => {
            await world.relay.watch()
            expect((await eventsIn(world)).length).toBe(1)
            expect((await storedState(world)).online).toBe(false)
          },
        }
      },
      {
        points: (point) => point.when === 'before' && 'key' in point && !reads.includes(point.call),
      },
    )
  })

  it('leaves alone who spoke meanwhile, and what is only in the index', async () => {
    const { world, agent } = await printing()
    await world.ports.live.put({ pk: 'P#phantom', sk: 'STATE', [aliveIndex.attribute]: '1' })
    world.clock.now += silence
    await world.said(agent, keyframeOf(2))
    world.clock.now += silence
    await world.relay.watch()
    expect(await eventsIn(world)).toEqual([])
    expect((await storedState(world)).online).toBe(true)
  })

  it('looks at many printers at once, so that the last of a thousand gets its turn', async () => {
    const { world } = await printing()
    for (let i = 0; i < 40; i++)
      await world.ports.live.put({ pk: `P#p${i}`, sk: 'STATE', [aliveIndex.attribute]: '1' })
    const { live } = world.ports
    const whole = { ...live }
    let open = 0
    let most = 0
    live.get = async (key) => {
      most = Math.max(most, ++open)
      const item = await whole.get(key)
      open--
      return item
    }
    await world.relay.watch()
    expect(most).toBeGreaterThan(8)
    expect(most).toBeLessThanOrEqual(16)
  })

  it('has the agent come back by itself: its next frame gets a resync', async () => {
    const { world, agent } = await printing()
    world.clock.now += silence + 1
    await world.relay.watch()
    await world.said(agent, keyframeOf(2))
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'resync' })
    await world.said(agent, helloOf(3, { fresh: false }))
    expect(await storedState(world)).toMatchObject({ online: true, alive: '1', seq: 3 })
  })
})

describe('history', () => {
  const chunk = (length: number, age: number) => ({
    ...{ chunk: 1, age, step: 1000, length },
    columns: { 'tool0.actual': [2000, 1, length] },
  })

  it('keeps the longest of a chunk, whatever came last', async () => {
    const { world, agent } = await printing()
    await world.said(agent, keyframeOf(2, { history: chunk(3, 3000) }))
    await world.said(agent, keyframeOf(3, { history: chunk(9, 9000) }))
    await world.said(agent, keyframeOf(4, { history: chunk(5, 5000) }))
    const { items } = await world.ports.directory.query({ pk: `T#${printerId}` })
    expect(items).toMatchObject([{ length: 9, t0: world.clock.now - 9000 }])
  })
})
