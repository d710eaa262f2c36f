import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { gatewayContract, type MakeGateway, type Peer } from '../contracts/gateway.ts'
import { Inbox } from '../local/gateway/inbox.ts'
import { createFaults, leavingNothing } from './faults.ts'
import { createGateway } from './gateway.ts'
import type { Ground } from './ground.ts'
import { createInvocations, type Invocations, type Turn } from './invocations.ts'
import { createLoop } from './loop.ts'
import { randomOf } from './random.ts'
import { createTrace } from './trace.ts'

class Violated extends Error {
  override readonly name = 'Violated'
  readonly code = 'violated'
}

const make: MakeGateway = async (handlers) => {
  const violated = (property: string, detail: string) => {
    throw new Violated(`${property}: ${detail}`)
  }
  const trace = createTrace()
  const loop = createLoop(randomOf(1, 'ties'), trace, (error) =>
    violated('nothing throws', String(error)),
  )
  const which = { leaving: leavingNothing, only: [] }
  const faults = createFaults(1, 0, which, () => loop.now())
  const epoch = 1_800_000_000_000
  const now = () => epoch + Math.floor(loop.now())
  const ground: Ground = {
    ...{ loop, faults, epoch, random: randomOf(1, 'world'), violated },
    note: (line) => trace.add(loop.now(), line),
  }
  const turn: Turn = (label, ms) =>
    new Promise((resolve) => {
      loop.after(ms, label, resolve)
    })
  const gateway = createGateway({
    ...{ ground, now, handlers: () => handlers },
    invocations: () => invocations,
    watching: { frameLeft: () => {}, posted: () => {} },
  })
  const invocations: Invocations = createInvocations({
    ...{ ground, now, live: memoryTable(), directory: memoryTable(), variant: {}, origins: [] },
    sender: (taking) => gateway.sender(taking),
  })
  const comes = async <T>(what: Promise<T>): Promise<T> => {
    let over = false
    const end = () => {
      over = true
    }
    what.then(end, end)
    do await loop.runUntil(loop.now() + 10)
    while (!over && loop.pending > 0)
    return what
  }
  const sender = gateway.sender(turn)
  return {
    comes,
    post: (id, text) => sender.send(id, text),
    close: (id) => sender.close(id),
    isOpen: (id) => sender.isOpen(id),
    open: (authorization) =>
      comes(
        new Promise<Peer | number>((resolve) => {
          const frames = new Inbox<string>()
          const closed = new Inbox<number>()
          const socket = gateway.dial(authorization === undefined ? {} : { authorization }, {
            name: 'a client',
            opened: () =>
              resolve({
                ...{ frames, closed: closed.next() },
                say: (text) => socket.send(text),
                end: () => socket.end(),
              }),
            said: (text) => frames.put(text),
            ended: (how) => {
              if (how.kind === 'refused') resolve(how.status)
              if (how.kind === 'closed') closed.put(how.code)
            },
          })
        }),
      ),
    stop: async () => loop.stop(),
  }
}

gatewayContract('in-process', make, () => new Inbox())
