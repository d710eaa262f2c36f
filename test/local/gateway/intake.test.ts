import { expect, it } from 'vitest'
import { gatewayDefaults } from '../../../local/gateway/gateway.ts'
import { createIntake } from '../../../local/gateway/intake.ts'
import type { WsEvent } from '../../../local/gateway/events.ts'
import { Inbox } from './inbox.ts'
import { frame, rawSocket, rawUpgraded, upgradeText } from './raw.ts'
import { recordingRoutes, startRig } from './rig.ts'

const deferred = () => {
  let resolve = () => {}
  let reject = (_error: Error) => {}
  const promise = new Promise<void>((done, fail) => ([resolve, reject] = [done, fail]))
  return { promise, resolve: () => resolve(), reject: (error: Error) => reject(error) }
}

it('runs so many at once, the rest in turn, and reads on when none waits', async () => {
  const told: string[] = []
  const intake = createIntake({
    atOnce: 2,
    pause: () => told.push('pause'),
    resume: () => told.push('resume'),
  })
  const works = [deferred(), deferred(), deferred(), deferred()]
  const runs = works.map((work, at) =>
    intake
      .run(() => {
        told.push(`start ${at}`)
        return work.promise
      })
      .catch(() => told.push(`failed ${at}`)),
  )
  works[1]?.reject(new TypeError('a fault'))
  await runs[1]
  works[0]?.resolve()
  works[2]?.resolve()
  works[3]?.resolve()
  await Promise.all(runs)
  expect(told.slice(0, 3)).toEqual(['pause', 'start 0', 'start 1'])
  expect(told.filter((what) => what.startsWith('start'))).toHaveLength(4)
  expect(told.filter((what) => what === 'resume')).toHaveLength(1)
  expect(told.indexOf('start 3')).toBeGreaterThan(told.indexOf('start 2'))
})

it('lets those who wait take turns, however much one of them has', async () => {
  const told: string[] = []
  const intake = createIntake({ atOnce: 1 })
  const gate = deferred()
  const run = (who: string, what: string) => intake.run(async () => void told.push(what), who)
  const first = intake.run(() => gate.promise, 'flooder')
  const flood = Array.from({ length: 100 }, (_, at) => run('flooder', `flood ${at}`))
  const others = [run('one', 'one'), run('two', 'two')]
  gate.resolve()
  await Promise.all([first, ...flood, ...others])
  expect(told.slice(0, 4)).toEqual(['flood 0', 'one', 'two', 'flood 1'])
  expect(told).toHaveLength(102)
  expect(intake.waiting()).toBe(0)
})

it('holds a client that floods back, and serves the one beside it meanwhile', async () => {
  const { routes } = recordingRoutes()
  const gate = deferred()
  const flooded = new Inbox<string>()
  const calm = new Inbox<string>()
  const $default = async (event: WsEvent) => {
    const body = 'body' in event ? event.body : ''
    if (body === 'calm') return calm.put(body)
    flooded.put(body)
    await gate.promise
  }
  const rig = await startRig({ handlers: { routes: { ...routes, $default } } })
  try {
    const { messagesAtOnce } = gatewayDefaults().limits
    const flooder = await rawUpgraded(rig.port)
    const all = 20 * messagesAtOnce
    flooder.write(Buffer.concat(Array.from({ length: all }, (_, at) => frame(`${at}`))))
    await flooded.take(messagesAtOnce)
    const bystander = await rig.open()
    bystander.say('calm')
    await calm.next()
    expect(flooded.rest()).toEqual([])
    gate.resolve()
    expect(await flooded.take(all - messagesAtOnce)).toHaveLength(all - messagesAtOnce)
    flooder.destroy()
  } finally {
    gate.resolve()
    await rig.stop()
  }
})

it('judges so many handshakes at once, lets so many wait, and turns the rest away with 429', async () => {
  const { routes } = recordingRoutes()
  const gate = deferred()
  const $connect = async () => gate.promise.then(() => ({ statusCode: 200 }))
  const limits = { ...gatewayDefaults().limits, handshakesAtOnce: 2, handshakesWaiting: 1 }
  const rig = await startRig({ handlers: { routes: { ...routes, $connect } }, limits })
  try {
    const statuses = new Inbox<string>()
    for (let shaken = 0; shaken < 5; shaken += 1) {
      const socket = await rawSocket(rig.port, upgradeText())
      socket.once('data', (data: Buffer) => {
        socket.destroy()
        statuses.put(data.toString('latin1').slice(9, 12))
      })
    }
    expect(await statuses.take(2)).toEqual(['429', '429'])
    gate.resolve()
    expect(await statuses.take(3)).toEqual(['101', '101', '101'])
  } finally {
    gate.resolve()
    await rig.stop()
  }
})
