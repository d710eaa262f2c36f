import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { TablesError } from './errors.ts'
import { codeOf, lockFolder } from './folder-lock.ts'
import { tablesIn } from './level-check.ts'
import { tableNames, tableShapes } from './table-shapes.ts'

export interface EmbeddedDynamo {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string
  /** What an SDK client is made from: endpoint, region and the credentials of this run. */
  readonly config: ClientConfig
  /** A client of its own, closed with the tables. */
  readonly client: DynamoDBClient
  readonly tables: typeof tableNames
  close(): Promise<void>
}

export interface ClientConfig {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/**
 * DynamoDB on this machine, with the tables `directory` and `live`: in the folder, or in memory when
 * there is none. Fails with a `TablesError`; never replaces data that it can't read.
 */
export async function embeddedDynamo({
  folder,
}: {
  folder: string | undefined
}): Promise<EmbeddedDynamo> {
  if (folder === undefined) return running(await started(undefined), async () => {})
  const unlock = await claimed(folder)
  try {
    return running(await opened(folder), unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

async function claimed(folder: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await lockFolder(folder)
  } catch (error) {
    if (error instanceof TablesError) throw error
    throw new TablesError(
      'folder_unwritable',
      `The folder ${folder} can't be written (${String(codeOf(error))}): give another with --data, or its rights to this user.`,
      { cause: error },
    )
  }
}

/**
 * The database in the folder. A new one is made beside its place and moved in when its tables are
 * there, so that a database in its place without tables is a damaged one and never a young one.
 */
async function opened(folder: string): Promise<Running> {
  const path = join(folder, 'db')
  if (!(await exists(path))) {
    const young = join(folder, 'db.new')
    await rm(young, { recursive: true, force: true })
    await (await started(young)).stop()
    await rename(young, path)
  } else {
    await check(path, folder)
  }
  return listening(path)
}

async function check(path: string, folder: string): Promise<void> {
  const tables = await tablesIn(path).catch((error: unknown) => {
    throw damaged(folder, error)
  })
  const missing = Object.values(tableNames).filter((name) => !tables.includes(name))
  if (missing.length > 0) throw damaged(folder)
}

interface Running {
  readonly config: ClientConfig
  readonly client: DynamoDBClient
  stop(): Promise<void>
}

async function started(path: string | undefined): Promise<Running> {
  const open = await listening(path)
  for (const shape of tableShapes) await open.client.send(new CreateTableCommand(shape))
  for (const { TableName } of tableShapes) await untilActive(open.client, TableName ?? '')
  return open
}

async function listening(path: string | undefined): Promise<Running> {
  const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const config = configFor(server)
  const client = new DynamoDBClient({ ...config, maxAttempts: 1 } satisfies DynamoDBClientConfig)
  const stop = async (): Promise<void> => {
    client.destroy()
    await closed(server)
  }
  return { config, client, stop }
}

function configFor(server: Server): ClientConfig {
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new TablesError('not_ready', 'The embedded tables got no port on 127.0.0.1: start again.')
  }
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    // dynalite checks no signature; these are random so that nothing real ever stands here.
    credentials: {
      accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(24).toString('base64url'),
    },
  }
}

/** Each look is an answer from the server, so this waits on events and not on a clock. */
async function untilActive(client: DynamoDBClient, TableName: string): Promise<void> {
  for (let look = 0; look < 200; look++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    if (Table?.TableStatus === 'ACTIVE') return
  }
  throw new TablesError('not_ready', `The embedded table ${TableName} did not become active.`)
}

const damaged = (folder: string, cause?: unknown): TablesError =>
  new TablesError(
    'folder_damaged',
    `The data in ${folder} is damaged or not FluxRelay's: restore a copy, or move the folder away to begin anew.`,
    { cause },
  )

function running(open: Running, unlock: () => Promise<void>): EmbeddedDynamo {
  const { config, client } = open
  const close = async (): Promise<void> => {
    await open.stop()
    await unlock()
  }
  return { endpoint: config.endpoint, config, client, tables: tableNames, close }
}

async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await done
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  )
