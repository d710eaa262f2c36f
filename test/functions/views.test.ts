import { describe, expect, it, vi } from 'vitest'
import { basicState } from '../../protocol/basic-view.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Publish } from '../../protocol/publish.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import {
  broadcastBatchSchema,
  type BroadcastBatch,
} from '../../functions/relay/watching/broadcast-batch.ts'
import { subscriptionKey } from '../../functions/relay/table/keys.ts'
import { guestConnected, shareIn } from '../model/guests.ts'
import { replicaOf, storedReplica } from '../model/watcher.ts'
import {
  deltaOf,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  subscribeOf,
  type World,
} from '../model/world.ts'

const secret = 'canary'
const named: PrinterState = {
  connection: { octoprint: 'ok', port: secret },
  status: { text: secret, printing: true },
  temperature: { 'tool0.actual': 200 },
  job: { name: secret, path: secret, user: secret, estimatedPrintTime: 5 },
  progress: { completion: 1, filepos: 4711 },
}
const shown = basicState(named)
const patch: Publish['patch'] = { job: { name: `${secret}-2` }, progress: { completion: 2 } }
const started = { type: 'job_started', name: secret, path: secret, printTime: 0 } as const
const event = (m: number) => ({ src: 'source-a', m, age: 0, body: started })

/** An agent, its owner watching in full and a guest in basic. */
const rooms = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1, { state: named }))
  const share = await shareIn(world)
  const guest = await guestConnected(world, share.secret, 'guest-1')
  const viewer = await world.viewer('viewer-1')
  await world.said(viewer, subscribeOf(1))
  await world.said(guest, subscribeOf(1))
  return { world, agent, guest, viewer, share }
}
const toldGuest = (world: World): string =>
  JSON.stringify(world.posts.filter(({ to }) => to === 'guest-1'))

describe('a guest of the view basic', () => {
  it('is shown the allow-list in snapshot, keyframe and delta, and ends with the state', async () => {
    const { world, agent, guest } = await rooms()
    await world.said(agent, deltaOf(2, 1, { patch }))
    await world.said(guest, { action: 'sync', printerId, rid: 1 })
    await world.said(agent, keyframeOf(3, { full: named }))
    await world.said(agent, deltaOf(4, 3, { patch }))
    expect(world.toViewer('guest-1').filter(({ type }) => type === 'state')).toMatchObject([
      { kind: 'snapshot', seq: 1, full: shown },
      { kind: 'delta', seq: 2, patch: { progress: { completion: 2 } } },
      { kind: 'snapshot', seq: 2, full: { ...shown, progress: { completion: 2 } } },
      { kind: 'keyframe', seq: 3, full: shown },
      { kind: 'delta', seq: 4, patch: { progress: { completion: 2 } } },
    ])
    const stored = await storedReplica(world)
    const basic = stored && { ...stored, state: basicState(stored.state) }
    expect(replicaOf(world.toViewer('guest-1')).held).toEqual(basic)
    expect(replicaOf(world.toViewer('viewer-1')).held).toEqual(stored)
    expect(toldGuest(world)).not.toContain(secret)
  })

  it('is told of events without names, at once and when it comes back', async () => {
    const { world, agent, guest } = await rooms()
    await world.said(agent, keyframeOf(2, { events: [event(1)] }))
    await world.said(guest, { ...subscribeOf(2), since: 0 })
    const bodies = world.toViewer('guest-1').flatMap((f) => (f.type === 'event' ? [f.body] : []))
    expect(bodies).toEqual(Array(2).fill({ type: 'job_started', printTime: 0 }))
    expect(world.toViewer('viewer-1')).toContainEqual(expect.objectContaining({ body: started }))
    expect(toldGuest(world)).not.toContain(secret)
  })

  it('is told of a new owner, of silence and of the agent leaving as everybody is', async () => {
    const { world, agent } = await rooms()
    world.clock.now += 3 * timeOuts.silenceWatched
    await world.relay.watch()
    await world.relay.disconnected(agent)
    await world.said(await world.agent('agent-2', startOfTime + 1), helloOf(1, { state: named }))
    const frames = world.toViewer('guest-1').slice(2)
    expect(frames.map(({ type }) => type)).toEqual(['event', 'presence', 'presence', 'state'])
    expect(frames.slice(0, 3)).toEqual(world.toViewer('viewer-1').slice(2, 5))
    expect(toldGuest(world)).not.toContain(secret)
  })

  it('reads printer, events and prints in that view, and history as it is', async () => {
    const { world, agent, guest } = await rooms()
    const columns = { 'bed.actual': [600, 0] }
    const history = { chunk: 0, age: 0, step: 1000, length: 2, columns }
    await world.said(agent, keyframeOf(2, { full: named, events: [event(1)], history }))
    const { principal } = guest
    const view = await world.relay.printerView(principal, printerId)
    expect(view).toMatchObject({ role: 'guest', site: { id: 'shared', name: 'Workshop' } })
    expect(view.state?.full).toEqual(shown)
    const list = await world.relay.listPrinters(principal)
    expect(list.printers).toEqual([view])
    const wish = { kind: 'newest', below: undefined, limit: 9 } as const
    const page = await world.relay.events(principal, printerId, wish)
    const after = await world.relay.events(principal, printerId, {
      ...{ kind: 'after', cursor: 0, limit: 9 },
    })
    expect([page.events, after.events].flat().map(({ body }) => body)).toEqual(
      Array(2).fill({ type: 'job_started', printTime: 0 }),
    )
    const prints = await world.relay.prints(principal, printerId, { before: undefined, limit: 9 })
    expect(prints.prints).toMatchObject([{ n: 1, outcome: 'running', printTime: 0 }])
    const range = { from: undefined, to: undefined, resolution: undefined }
    const temperatures = await world.relay.history(principal, printerId, range)
    expect(temperatures).toEqual(await world.relay.history(owner, printerId, range))
    expect(JSON.stringify([view, page, after, prints])).not.toContain(secret)
    expect(JSON.stringify(await world.relay.printerView(owner, printerId))).toContain(secret)
  })

  it('is nobody’s owner', async () => {
    const { world, share } = await rooms()
    expect((await world.relay.printerView(owner, printerId)).role).toBe('owner')
    const guest = await guestConnected(world, share.secret, 'guest-2')
    await expect(world.relay.audit(guest.principal, 'site-1', undefined)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('a guest of the view full', () => {
  it('is shown what a viewer is shown', async () => {
    const { world, agent } = await rooms()
    const { secret: link } = await shareIn(world, { view: 'full' })
    await world.said(await guestConnected(world, link, 'guest-full'), subscribeOf(1))
    await world.said(agent, deltaOf(2, 1, { patch, events: [event(1)] }))
    const last = (id: string) => world.posts.filter(({ to }) => to === id).slice(-2)
    expect(last('guest-full').map(({ text }) => text)).toEqual(
      last('viewer-1').map(({ text }) => text),
    )
  })
})

const isStateFrame = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'keyframe'
const manyOf = (i: number): string => `many-${String(i).padStart(3, '0')}`

describe('the fan-out', () => {
  const crowd = async (world: World, count: number, view: (i: number) => 'full' | 'basic') => {
    for (let i = 0; i < count; i++) {
      world.open.add(manyOf(i))
      const until = world.clock.now + 1e6
      const item = { rid: 1, st: 'on', who: owner, view: view(i), until, expiresAt: until }
      await world.ports.live.put({ ...subscriptionKey(printerId, manyOf(i)), ...item })
    }
  }

  it('makes each frame once for each view in use, however many watch', async () => {
    const { world, agent } = await rooms()
    await crowd(world, 100, (i) => (i % 2 === 0 ? 'full' : 'basic'))
    const stringify = vi.spyOn(JSON, 'stringify')
    await world.said(agent, keyframeOf(2, { full: named }))
    const made = stringify.mock.calls.filter(([value]) => isStateFrame(value)).length
    stringify.mockRestore()
    expect(made).toBe(2)
    const texts = new Set(world.posts.slice(-102).map(({ text }) => text))
    expect(texts.size).toBe(2)
    expect([...texts].filter((text) => text.includes(secret)).length).toBe(1)
  })

  it('hands a batch only the views that its viewers have', async () => {
    const { world, agent } = await rooms()
    await crowd(world, 600, (i) => (i < 200 ? 'basic' : 'full'))
    const batches: BroadcastBatch[] = []
    Object.assign(world.ports, {
      invokeBroadcast: async (batch: BroadcastBatch) => {
        batches.push(broadcastBatchSchema.parse(JSON.parse(JSON.stringify(batch))))
        await world.relay.broadcast(batch)
      },
    })
    await world.said(agent, keyframeOf(2, { full: named }))
    for (const { frames, targets } of batches) {
      const views = new Set(targets.map(({ view }) => view))
      expect(new Set(Object.keys(frames))).toEqual(views)
      expect(JSON.stringify(frames.basic ?? [])).not.toContain(secret)
    }
    expect(batches.some(({ frames }) => frames.basic === undefined)).toBe(true)
    const basic = world.posts.filter(({ to }) => /^many-[01]/.test(to))
    expect(basic.length).toBe(200)
    expect(JSON.stringify(basic)).not.toContain(secret)
  })
})

describe('the lease of a guest', () => {
  const lifetime = timeOuts.shareShortest

  it('ends with the link, however often it is renewed', async () => {
    const { world, agent, guest } = await rooms()
    const until = startOfTime + lifetime
    world.clock.now = until - 3 * timeOuts.ping
    await world.said(guest, subscribeOf(2))
    for (let i = 0; i < 2; i++) {
      world.clock.now += timeOuts.ping
      await world.said(guest, { action: 'ping', subs: { [printerId]: 2 } })
    }
    world.clock.now = until - 1
    await world.said(agent, keyframeOf(2))
    expect(world.toViewer('guest-1').at(-1)).toMatchObject({ kind: 'keyframe' })
    const before = world.toViewer('guest-1').length
    world.clock.now = until
    await world.said(agent, keyframeOf(3))
    await world.said(guest, subscribeOf(3))
    await world.said(guest, { action: 'sync', printerId, rid: 2 })
    expect(world.toViewer('guest-1').slice(before)).toMatchObject([
      { type: 'error', code: 'session_expired' },
      { type: 'pong', missing: [printerId] },
    ])
  })

  it('ends with the link also on a connection that would last longer', async () => {
    const { world, guest } = await rooms()
    const long = await world.viewer('guest-long', guest.principal)
    world.clock.now = startOfTime + lifetime - timeOuts.ping
    await world.said(long, subscribeOf(1))
    await world.said(long, { action: 'ping', subs: { [printerId]: 1 } })
    expect(world.toViewer('guest-long').at(-1)).toMatchObject({
      type: 'pong',
      missing: [printerId],
    })
    const { ticket } = await world.relay.issueTicket({
      ...{ principal: guest.principal, session: long.until + 1, signedAt: 0 },
    })
    await world.said(long, { action: 'renew', ticket })
    const item = await world.ports.live.get(subscriptionKey(printerId, 'guest-long'))
    expect(item).toMatchObject({ st: 'on', until: startOfTime + lifetime })
    world.clock.now = startOfTime + lifetime
    await world.said(long, subscribeOf(2))
    expect(world.toViewer('guest-long').at(-1)).toMatchObject({ code: 'not_found' })
  })
})
