import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { RelayClient } from '../client/relay-client.ts'
import { connectClient, demoToken, viewWhere } from '../test/support/relay.ts'
import { sharedNow, sleep } from './bench-clock.ts'
import type { Done, Sighting, ViewerOrder } from './latency-messages.ts'
import { markedValue } from './marked-job.ts'

/** The process of the viewers: real clients of the relay, away from the relay's event loop. */
let place = { origin: '', printerId: '', token: '' }
let clients: readonly RelayClient[] = []
let plain: readonly WebSocket[] = []
let sightings: Sighting[] = []

const noResult: Done = { sightings: [], roundTrips: [] }

/** Notes each value when the client's store has it and tells its listeners. */
const note = (viewer: number) => {
  let seen: number | undefined
  return (value: number | undefined) => {
    if (value === undefined || value === seen) return
    seen = value
    sightings.push({ viewer, value, at: sharedNow() })
  }
}

const openViewer = async (viewer: number): Promise<RelayClient> => {
  const { origin, token, printerId } = place
  const client = connectClient(origin, token)
  client.start()
  client.watch(printerId)
  await viewWhere(client, ({ printers, link }) =>
    link.phase === 'open' ? printers[printerId]?.state : undefined,
  )
  const noted = note(viewer)
  client.subscribe(({ printers }) => noted(markedValue(printers[printerId]?.state)))
  return client
}

const watch = async (viewers: number): Promise<Done> => {
  for (const client of clients) client.stop()
  const opened: RelayClient[] = []
  for (let viewer = 0; viewer < viewers; viewer++) opened.push(await openViewer(viewer))
  clients = opened
  return noResult
}

const openPlain = async (url: string): Promise<WebSocket> => {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  await once(socket, 'open')
  return socket
}

const watchPlainly = async (url: string, viewers: number): Promise<Done> => {
  plain = await Promise.all(Array.from({ length: viewers }, () => openPlain(url)))
  for (const [viewer, socket] of plain.entries()) {
    const noted = note(viewer)
    socket.on('message', (data: Buffer) => {
      const { value } = JSON.parse(data.toString()) as { value: number }
      noted(value)
    })
  }
  return noResult
}

const echo = async (url: string, count: number, pace: number): Promise<Done> => {
  const socket = await openPlain(url)
  const roundTrips: number[] = []
  for (let i = 0; i < count; i++) {
    const sentAt = sharedNow()
    socket.send(JSON.stringify({ echo: i }))
    await once(socket, 'message')
    roundTrips.push(sharedNow() - sentAt)
    await sleep(pace)
  }
  socket.close()
  return { ...noResult, roundTrips }
}

const obey = async (order: ViewerOrder): Promise<Done> => {
  switch (order.type) {
    case 'sign in': {
      const { origin, printerId } = order
      place = { origin, printerId, token: await demoToken(origin) }
      return noResult
    }
    case 'watch':
      return watch(order.viewers)
    case 'watch plainly':
      return watchPlainly(order.url, order.viewers)
    case 'echo':
      return echo(order.url, order.count, order.pace)
    case 'report': {
      const told = { ...noResult, sightings }
      sightings = []
      return told
    }
    default:
      return order satisfies never
  }
}

const endAll = () => {
  for (const client of clients) client.stop()
  for (const socket of plain) socket.terminate()
}

process.on('message', (order) => {
  void obey(order as ViewerOrder).then((done) => process.send?.(done))
})
process.on('disconnect', endAll)
