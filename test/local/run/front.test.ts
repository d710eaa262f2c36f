import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import {
  Agent,
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { createFront, type Parts } from '../../../local/run/front.ts'
import { staticFiles } from '../../../local/run/static-files.ts'
import { securityHeaders } from '../../../viewer/security-headers.ts'
import { rawSocket, readAll, upgradeText } from '../gateway/raw.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
})

const named = (name: string): Parts['httpApi'] => {
  return (request, response) =>
    void response.end(`${name} ${String(request.headers['x-forwarded-proto'])}`)
}

const serve = async (overrides: Partial<Parts> = {}, origin?: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-front-'))
  writeFileSync(join(folder, 'index.html'), '<p>viewer</p>')
  writeFileSync(join(folder, 'app-ABCDEF12.js'), 'void 0')
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  const { port } = server.address() as AddressInfo
  const destinations = { api: origin ?? '', socket: 'ws://here', issuer: 'http://here' }
  const front = createFront(origin ?? `http://127.0.0.1:${port}`, {
    issuer: named('issuer'),
    httpApi: named('api'),
    metrics: named('metrics'),
    config: named('config'),
    socket: (_request, response) => void response.writeHead(426).end(),
    files: staticFiles(folder, securityHeaders(destinations, false)),
    upgrade: (_request, socket) => void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'),
    ready: () => true,
    failed: () => undefined,
    ...overrides,
  })
  server.on('request', (request, response) => void front.request(request, response))
  server.on('upgrade', front.upgrade)
  return { port, host: `127.0.0.1:${port}`, server }
}

const get = (port: number, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<{ status: number; body: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const asked = send({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      const { statusCode: status = 0, headers } = response
      response.on('end', () => resolve({ status, body, headers }))
    })
    asked.on('upgrade', reject).on('error', reject).end()
  })

describe('a connection that asks and asks', () => {
  const asks = (port: number, count: number) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(count))
    return socket
  }

  it('is ended when it waits for no answer, before all that it sent is worked on', async () => {
    let worked = 0
    const { port } = await serve({ httpApi: () => void (worked += 1) })
    const socket = asks(port, 1_000)
    await once(socket, 'close')
    expect(worked).toBeGreaterThan(0)
    expect(worked).toBeLessThan(10)
    expect((await get(port, '/')).status).toBe(200)
  })

  it('is served as long as it waits', async () => {
    const { port } = await serve()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const host = `127.0.0.1:${port}`
    for (let round = 0; round < 20; round += 1) {
      const asked = send({ port, host: '127.0.0.1', path: '/healthz', agent, headers: { host } })
      const [response] = (await once(asked.end(), 'response')) as [IncomingMessage]
      expect(await text(response)).toBe('api http')
    }
    agent.destroy()
  })
})

describe('the one address', () => {
  it('hands each path to its part', async () => {
    const { port } = await serve()
    for (const [path, part] of [
      ['/oidc/auth', 'issuer'],
      ['/v1/printers?x=1', 'api'],
      ['/healthz', 'api'],
      ['/metrics', 'metrics'],
      ['/config.json', 'config'],
    ] as const)
      expect((await get(port, path)).body).toBe(`${part} http`)
    expect((await get(port, '/')).body).toBe('<p>viewer</p>')
  })

  it('gives its parts the path alone of an absolute target', async () => {
    const { port, host } = await serve({
      issuer: (request, response) => void response.end(request.url),
    })
    const answer = await get(port, 'http://elsewhere.example/oidc/auth?x=1', { host })
    expect(answer.body).toBe('/oidc/auth?x=1')
  })

  it('serves no name but its own, so that a rebound name reaches nothing', async () => {
    const { port } = await serve()
    const answer = await get(port, '/v1/printers', { host: 'evil.example' })
    expect(answer.status).toBe(421)
    expect(answer.body).not.toContain('api')
  })

  it('refuses a socket under a foreign name before the gateway sees it', async () => {
    const { port } = await serve()
    const headers = { host: 'evil.example', connection: 'Upgrade', upgrade: 'websocket' }
    expect((await get(port, '/ws', headers)).status).toBe(421)
  })

  it('lets go of a refused socket whose client keeps its half open', async () => {
    const { port, server } = await serve()
    const upgraded = once(server, 'upgrade')
    const client = await rawSocket(port, upgradeText())
    const [, socket] = (await upgraded) as [IncomingMessage, Socket]
    if (!socket.closed) await once(socket, 'close')
    expect(await readAll(client)).toContain('HTTP/1.1 421 ')
  })

  it('outlives the reset of a socket that it refuses', async () => {
    const { port, server } = await serve()
    const upgraded = once(server, 'upgrade')
    const client = await rawSocket(port, upgradeText())
    const [, socket] = (await upgraded) as [IncomingMessage, Socket]
    socket.destroy(new Error('read ECONNRESET'))
    if (!socket.closed) await once(socket, 'close').catch(() => undefined)
    client.resetAndDestroy()
    expect((await get(port, '/')).status).toBe(200)
  })

  it('sends localhost to the address that the sign-in is bound to', async () => {
    const { port, host } = await serve()
    const answer = await get(port, '/x?y=1', { host: `localhost:${port}` })
    expect(answer).toMatchObject({ status: 307, headers: { location: `http://${host}/x?y=1` } })
  })

  it('tells browsers from the configured origin alone, whatever a header claims', async () => {
    const { port } = await serve({}, 'https://prints.example')
    const headers = { host: 'prints.example', 'x-forwarded-proto': 'http', forwarded: 'proto=http' }
    expect((await get(port, '/v1/printers', headers)).body).toBe('api https')
  })

  it('answers 503 until everything is up', async () => {
    const { port } = await serve({ ready: () => false })
    expect(await get(port, '/healthz')).toMatchObject({
      status: 503,
      body: '{"ok":false}',
    })
  })

  it('has no metrics where strangers could ask', async () => {
    const { port } = await serve({ metrics: undefined })
    expect((await get(port, '/metrics')).status).toBe(404)
  })

  it('turns a fault of a part into 500 and tells the log, not the caller', async () => {
    const faults: unknown[] = []
    const config = () => Promise.reject(new TypeError('hush-hush'))
    const { port } = await serve({ config, failed: (error) => faults.push(error) })
    const answer = await get(port, '/config.json')
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('hush')
    expect(faults).toHaveLength(1)
  })
})

describe("the viewer's files", () => {
  it('carry the strict headers, and only hashed names are kept', async () => {
    const { port } = await serve()
    const page = await get(port, '/')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['cache-control']).toBe('no-cache')
    const script = await get(port, '/app-ABCDEF12.js')
    expect(script.headers['cache-control']).toContain('immutable')
  })

  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/%00',
    '/%',
  ])('answers 404 to %s', async (path) => {
    const { port } = await serve()
    expect((await get(port, path)).status).toBe(404)
  })

  it('takes no POST', async () => {
    const { port } = await serve()
    expect((await get(port, '/', {}, 'POST')).status).toBe(405)
  })
})
