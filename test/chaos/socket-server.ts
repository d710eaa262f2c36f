import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
import type { Gateway as Emulator } from '../../local/gateway/gateway.ts'
import { sdkClient } from '../local/gateway/rig.ts'

/** One port for all runs of a process; each life of a relay puts its emulator behind it. */
export interface SocketServer {
  readonly url: string
  readonly sdk: ApiGatewayManagementApiClient
  use(emulator: Emulator): void
  close(): void
}

export const socketServer = async (): Promise<SocketServer> => {
  let emulator: Emulator | undefined
  const server = createServer((request, response) => emulator?.handleManagement(request, response))
  server.on('upgrade', (request, socket, head) => emulator?.handleUpgrade(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sdk = sdkClient(port)
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    sdk,
    use: (next) => {
      emulator = next
    },
    close: () => {
      sdk.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}
