import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { TablesError } from './errors.ts'
import { tableShapes } from './table-shapes.ts'

/** What an SDK client is made from. */
export interface ClientConfig {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export interface DynaliteServer {
  readonly config: ClientConfig
  readonly client: DynamoDBClient
  makeTables(): Promise<void>
  stop(): Promise<void>
}

/** dynalite on a free port of loopback, over a LevelDB folder or in memory. */
export async function serveDynalite(path: string | undefined): Promise<DynaliteServer> {
  const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const config = configFor(server)
  guard(server, config.credentials.accessKeyId)
  const client = new DynamoDBClient({ ...config, maxAttempts: 1 })
  return {
    config,
    client,
    async makeTables() {
      for (const shape of tableShapes) await client.send(new CreateTableCommand(shape))
      for (const { TableName } of tableShapes) await untilActive(client, TableName)
    },
    async stop() {
      client.destroy()
      await closed(server)
    },
  }
}

function configFor(server: Server): ClientConfig {
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new TablesError('not_ready', 'The embedded tables got no port on 127.0.0.1: start again.')
  }
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    // Random, so that nothing real ever stands here and `guard` knows this run's own requests.
    credentials: {
      accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(24).toString('base64url'),
    },
  }
}

/**
 * dynalite checks no signature and answers web pages of any origin, so whoever finds the port could
 * read and write everything; only requests made with this run's key get through. It also ends the
 * process when a request is cut off half-way; here such a request is only forgotten.
 */
function guard(server: Server, accessKeyId: string): void {
  const handlers = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request')
  server.on('request', (req, res) => {
    const ours = req.headers.authorization?.includes(`Credential=${accessKeyId}/`) === true
    if (!ours || req.headers.origin !== undefined) {
      res.writeHead(403, { connection: 'close' }).end()
      return
    }
    for (const handle of handlers) handle(req, res)
    req.removeAllListeners('error')
    req.on('error', () => {})
  })
}

/** Each look is an answer from the server, so this waits on events and not on a clock. */
async function untilActive(client: DynamoDBClient, TableName: string | undefined): Promise<void> {
  for (let look = 0; look < 200; look++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    if (Table?.TableStatus === 'ACTIVE') return
  }
  throw new TablesError('not_ready', `The embedded table ${TableName} did not become active.`)
}

/** Ends what is under way, writes what is pending, and closes the database. */
async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await done
}
