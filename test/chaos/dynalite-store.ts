import { ScanCommand, type DynamoDBClient, type ScanCommandInput } from '@aws-sdk/client-dynamodb'
import { dynamoTable } from '../../functions/aws/dynamo-table.ts'
import { toItem } from '../../functions/aws/marshal.ts'
import type { Item, Key, Table } from '../../functions/relay/table/table.ts'
import { compareUtf8 } from '../../functions/relay/table/utf8-order.ts'
import { freshTable } from '../support/embedded.ts'
import type { MakeStore, Outside } from './store.ts'

/** Real calls are waited for however busy the machine is: time-outs are the run's own faults. */
const timeouts = { requestMs: 120_000 }

/** New tables for each run, behind the adapter that speaks to DynamoDB. */
export const dynaliteStore =
  (client: DynamoDBClient): MakeStore =>
  async (outside) => {
    const [live, directory] = [await freshTable(client), await freshTable(client)]
    const table = (tableName: string) =>
      waitedFor(dynamoTable({ client, tableName, timeouts }), outside)
    return {
      ...{ live: table(live), directory: table(directory) },
      contents: async () => ({
        live: await everything(client, live),
        directory: await everything(client, directory),
      }),
    }
  }

const byKey = (a: Key, b: Key) => compareUtf8(a.pk, b.pk) || compareUtf8(a.sk, b.sk)

const waitedFor = (table: Table, outside: Outside): Table => ({
  get: (key) => outside(() => table.get(key)),
  put: (item, when) => outside(() => table.put(item, when)),
  update: (key, change, when) => outside(() => table.update(key, change, when)),
  delete: (key, when) => outside(() => table.delete(key, when)),
  query: (query) => outside(() => table.query(query)),
  alive: (after) =>
    outside(async () => {
      const answer = await table.alive(after)
      // The index has no order of its own, and the run must not depend on one.
      return { ...answer, keys: answer.keys.sort(byKey) }
    }),
})

const everything = async (client: DynamoDBClient, TableName: string): Promise<Item[]> => {
  const items: Item[] = []
  let ExclusiveStartKey: ScanCommandInput['ExclusiveStartKey']
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey }))
    items.push(...(page.Items ?? []).map(toItem))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey !== undefined)
  return items.sort(byKey)
}
