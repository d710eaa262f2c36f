import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { createVirtualOctoPrint } from '../local/octoprint/virtual-octoprint.ts'
import { sleep } from './bench-clock.ts'
import { markedJob } from './marked-job.ts'

/**
 * What the path is compared with: a reader of an OctoPrint that gives each answer to a bare `ws`
 * server, which gives it to every socket at once. No identity, no store, no order, no resync.
 */
export const startNaive = async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  server.on('connection', (from) =>
    from.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.includes('"echo"')) return from.send(text)
      for (const socket of server.clients) if (socket !== from) socket.send(text)
    }),
  )
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  const reader = new WebSocket(url, { perMessageDeflate: false })
  await once(reader, 'open')
  const answered = new Map<number, number>()
  const job = markedJob((value, at) => answered.set(value, at))
  const octoPrint = createVirtualOctoPrint({ scenario: job })
  await octoPrint.listen()

  /** Broadcasts `count` answers, one each `pace` ms. */
  const drive = async (from: number, count: number, pace: number): Promise<void> => {
    const headers = { 'X-Api-Key': octoPrint.key }
    for (let value = from; value < from + count; value++) {
      job.set(value)
      const answer = await fetch(`${octoPrint.url}/api/job`, { headers })
      reader.send(JSON.stringify({ value, job: (await answer.json()) as unknown }))
      await sleep(pace)
    }
  }
  const stop = async () => {
    for (const socket of server.clients) socket.terminate()
    server.close()
    await octoPrint.close()
  }
  return { url, answered, drive, stop }
}
