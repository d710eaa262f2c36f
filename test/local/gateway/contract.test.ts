import { gatewaySender } from '../../../functions/aws/gateway-sender.ts'
import { gatewayContract, type MakeGateway } from '../../contracts/gateway.ts'
import { Inbox } from './inbox.ts'
import { startRig } from './rig.ts'
import { WebSocket } from 'ws'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const make: MakeGateway = async (handlers) => {
  const rig = await startRig({ handlers })
  const sender = gatewaySender({ client: rig.sdk, log: silent })
  return {
    post: (id, text) => sender.send(id, text),
    close: (id) => sender.close(id),
    isOpen: (id) => sender.isOpen(id),
    comes: (what) => what,
    open: (authorization) =>
      new Promise((resolve) => {
        const headers = authorization === undefined ? {} : { authorization }
        const socket = new WebSocket(rig.url, { headers })
        const frames = new Inbox<string>()
        const closed = new Inbox<number>()
        socket.on('error', () => undefined)
        socket.on('message', (data: Buffer) => frames.put(data.toString('utf8')))
        socket.once('close', (code) => closed.put(code))
        socket.once('unexpected-response', (_request, response) => {
          response.resume()
          socket.terminate()
          resolve(response.statusCode ?? 0)
        })
        socket.once('open', () =>
          resolve({
            ...{ frames, closed: closed.next() },
            say: (text) => socket.send(text),
            end: () => socket.close(1000),
          }),
        )
      }),
    stop: () => rig.stop(),
  }
}

gatewayContract('emulated', make, () => new Inbox())
