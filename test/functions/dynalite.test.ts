import { afterAll, beforeAll } from 'vitest'
import { dynamoTable } from '../../functions/aws/dynamo-table.ts'
import { embeddedDynamo, type EmbeddedDynamo } from '../../local/tables/embedded-dynamo.ts'
import { relayContract } from '../contracts/relay.ts'
import { freshTable } from '../support/embedded.ts'

let dynamo: EmbeddedDynamo
beforeAll(async () => {
  dynamo = await embeddedDynamo({ folder: undefined })
})
afterAll(() => dynamo.close())

const table = async () => {
  const tableName = await freshTable(dynamo.client)
  return dynamoTable({ client: dynamo.client, tableName, timeouts: { requestMs: 5000 } })
}

relayContract('dynalite', async () => ({ live: await table(), directory: await table() }))
