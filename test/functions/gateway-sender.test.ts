import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
import { afterEach, describe, expect, it } from 'vitest'
import { gatewaySender } from '../../functions/aws/gateway-sender.ts'
import { jsonLog } from '../../functions/json-log.ts'

let server: Server | undefined
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
})

/** A management API that always answers so, and says nothing of the error's name. */
const answering = async (status: number) => {
  const asked: string[] = []
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const client = new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  const lines: string[] = []
  return {
    sender: gatewaySender({ client, log: jsonLog('warn', (line) => lines.push(line), Date.now) }),
    asked,
    lines,
  }
}

describe('gateway sender', () => {
  it.each([
    [200, 'sent'],
    [410, 'gone'],
    [429, 'throttled'],
    [500, 'failed'],
    [403, 'failed'],
  ])('answers a post of status %d as %s, tried once', async (status, outcome) => {
    const { sender, asked } = await answering(status)
    expect(await sender.send('abc=', '{"secret":1}')).toBe(outcome)
    expect(asked.map(decodeURIComponent)).toEqual(['POST /@connections/abc='])
  })

  it('closes what is there or gone, and tells when that is not certain', async () => {
    await (await answering(204)).sender.close('abc=')
    server?.close()
    await (await answering(410)).sender.close('abc=')
    server?.close()
    await expect((await answering(500)).sender.close('abc=')).rejects.toThrow()
  })

  it.each([
    [200, true],
    [410, false],
    [429, true],
    [500, true],
    [403, true],
  ])('takes a status of %d, asked for a connection, as open: %s', async (status, open) => {
    const { sender, asked } = await answering(status)
    expect(await sender.isOpen('abc=')).toBe(open)
    expect(asked.map(decodeURIComponent)).toEqual(['GET /@connections/abc='])
  })

  it('writes no frame into the log', async () => {
    const { sender, lines } = await answering(500)
    await sender.send('abc=', '{"secret":1}')
    expect(lines.length).toBe(1)
    expect(lines[0]).not.toContain('secret')
  })
})
