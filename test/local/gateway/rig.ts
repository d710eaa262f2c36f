import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
import type { Frame } from './rig-types.ts'
import type { ConnectEvent, DisconnectEvent, MessageEvent } from '../../../local/gateway/events.ts'
import { createGateway, gatewayDefaults, type Gateway } from '../../../local/gateway/gateway.ts'
import type { GatewayDeps } from '../../../local/gateway/gateway.ts'
import { openClient, refusalOf, type OpenOptions } from './client.ts'
import { Inbox } from './inbox.ts'

export const accessKeyId = 'LOCALTESTKEY'

/** Handlers that say yes, and inboxes of the events they were given. */
export const recordingRoutes = () => {
  const connects = new Inbox<ConnectEvent>()
  const disconnects = new Inbox<DisconnectEvent>()
  const messages = new Inbox<MessageEvent>()
  const record = async (event: MessageEvent) => messages.put(event)
  const routes = {
    $connect: async (event: ConnectEvent) => {
      connects.put(event)
      return { statusCode: 200 }
    },
    $disconnect: async (event: DisconnectEvent) => disconnects.put(event),
    $default: record,
    hello: record,
  }
  return { routes, connects, disconnects, messages }
}

const serve = async (gateway: Gateway): Promise<{ server: Server; port: number }> => {
  const server = createServer((request, response) => gateway.handleManagement(request, response))
  server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

export const sdkClient = (port: number, key = accessKeyId, stage = 'ws') =>
  new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${port}/${stage}`,
    region: 'us-east-1',
    credentials: { accessKeyId: key, secretAccessKey: 'of no account' },
    maxAttempts: 1,
  })

/** A gateway on a real server, with real clients for both of its sides. */
export const startRig = async (options: Partial<GatewayDeps> & Pick<GatewayDeps, 'handlers'>) => {
  const gateway = createGateway({ ...gatewayDefaults(), stage: 'ws', accessKeyId, ...options })
  const { server, port } = await serve(gateway)
  const url = `ws://127.0.0.1:${port}/ws`
  const sdk = sdkClient(port)
  return {
    ...{ gateway, port, url, sdk },
    open: (open: OpenOptions & { query?: string } = {}) =>
      openClient(url + (open.query ?? ''), open),
    refusal: (open: OpenOptions & { query?: string } = {}) =>
      refusalOf(url + (open.query ?? ''), open),
    async stop() {
      await gateway.close()
      sdk.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

export type Rig = Awaited<ReturnType<typeof startRig>>

export const parsed = (frame: string): Frame => JSON.parse(frame) as Frame
