import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { claimFolder, serveFolder } from './data-folder.ts'
import { serveDynalite, type ClientConfig, type DynaliteServer } from './dynalite-server.ts'
import { tableNames } from './table-shapes.ts'

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

export interface EmbeddedDynamoOptions {
  /** A folder of its own; `undefined`: in memory. */
  readonly folder: string | undefined
}

/**
 * DynamoDB on this machine, with the tables `directory` and `live`. Fails with a `TablesError`; never
 * replaces data that it can't read.
 */
export async function embeddedDynamo({ folder }: EmbeddedDynamoOptions): Promise<EmbeddedDynamo> {
  if (folder === undefined) return embedded(await inMemory(), async () => {})
  const free = await claimFolder(folder)
  try {
    return embedded(await serveFolder(folder), free)
  } catch (error) {
    await free()
    throw error
  }
}

async function inMemory(): Promise<DynaliteServer> {
  const server = await serveDynalite(undefined)
  await server.makeTables()
  return server
}

function embedded(server: DynaliteServer, free: () => Promise<void>): EmbeddedDynamo {
  const { config, client } = server
  const close = async (): Promise<void> => {
    await server.stop()
    await free()
  }
  return { endpoint: config.endpoint, config, client, tables: tableNames, close }
}
