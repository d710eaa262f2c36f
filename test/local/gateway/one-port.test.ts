import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { expect, it } from 'vitest'
import { createGateway, gatewayDefaults } from '../../../local/gateway/gateway.ts'
import { createHttpApi, httpApiDefaults } from '../../../local/http-api/http-api.ts'
import { isBelow } from '../../support/is-below.ts'
import { openClient, refusalOf } from './client.ts'
import { accessKeyId, recordingRoutes, sdkClient } from './rig.ts'

/** Both APIs and a page behind one server, as the one-machine run mounts them. */
const startShared = async () => {
  const recorded = recordingRoutes()
  const handlers = { routes: recorded.routes }
  const gateway = createGateway({ ...gatewayDefaults(), stage: 'ws', accessKeyId, handlers })
  const handler = async () => ({ printers: [] })
  const routes = [{ method: 'GET', path: '/v1/printers', auth: 'none' as const, handler }]
  const api = createHttpApi({ ...httpApiDefaults(), routes })
  const server = createServer((request, response) => {
    if (isBelow(request.url, '/ws')) gateway.handleManagement(request, response)
    else if (isBelow(request.url, '/v1')) void api.handle(request, response)
    else response.end('the viewer')
  })
  server.on('upgrade', gateway.handleUpgrade)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { ...recorded, gateway, server, port }
}

it('shares one port with the HTTP API and pages', async () => {
  const { connects, gateway, port, server } = await startShared()
  const page = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  expect(await page('/')).toBe('the viewer')
  expect(await page('/v1/printers')).toBe('{"printers":[]}')
  expect(await page('/ws')).toContain('Upgrade Required')
  const client = await openClient(`ws://127.0.0.1:${port}/ws`)
  const { connectionId: ConnectionId } = (await connects.next()).requestContext
  const sdk = sdkClient(port)
  await sdk.send(new PostToConnectionCommand({ ConnectionId, Data: 'hello' }))
  expect(await client.frames.next()).toBe('hello')
  expect(await refusalOf(`ws://127.0.0.1:${port}/v1/printers`)).toBe(403)
  sdk.destroy()
  await gateway.close()
  server.closeAllConnections()
  server.close()
})
