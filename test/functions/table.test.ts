import { afterAll, beforeAll } from 'vitest'
import { dynamoTable } from '../../functions/aws/dynamo-table.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { embeddedDynamo, type EmbeddedDynamo } from '../../local/tables/embedded-dynamo.ts'
import { tableContract } from '../contracts/table.ts'
import { freshTable } from '../support/embedded.ts'

let dynamo: EmbeddedDynamo
beforeAll(async () => {
  dynamo = await embeddedDynamo({ folder: undefined })
})
afterAll(() => dynamo.close())

tableContract('memory', async () => memoryTable())
tableContract('dynalite', async () => {
  const tableName = await freshTable(dynamo.client)
  return dynamoTable({ client: dynamo.client, tableName, timeouts: { requestMs: 5_000 } })
})
