import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHttpApi, httpApiDefaults } from '../../../local/http-api/http-api.ts'
import type { HttpApiDeps } from '../../../local/http-api/http-api.ts'

export interface Ask {
  readonly method?: string
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
}

/** Without `fetch`, which would tidy paths and headers up. */
const ask = (port: number, path: string, { method = 'GET', headers, body }: Ask): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false }
    const sending = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const { statusCode: status = 0, headers: got } = response
        resolve({ status, headers: got, bytes, text: bytes.toString('utf8') })
      })
    })
    sending.on('error', reject)
    sending.end(body)
  })

/** An HTTP API on a real server. */
export const startApi = async (options: Partial<HttpApiDeps> & Pick<HttpApiDeps, 'routes'>) => {
  const api = createHttpApi({ ...httpApiDefaults(), ...options })
  const server = createServer((incoming, response) => void api.handle(incoming, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...{ api, port },
    ask: (path: string, asked: Ask = {}) => ask(port, path, asked),
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
