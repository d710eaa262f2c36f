import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { tableShapes } from '../../local/tables/table-shapes.ts'

let made = 0

/** A new empty table of the shape of `live`, under a name of its own. */
export async function freshTable(client: DynamoDBClient): Promise<string> {
  const TableName = `fresh-${made++}`
  const shape = tableShapes.find((one) => one.TableName === 'live')
  await client.send(new CreateTableCommand({ ...shape, TableName }))
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    if (Table?.TableStatus === 'ACTIVE') return TableName
  }
}
