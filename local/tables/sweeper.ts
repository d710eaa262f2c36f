import {
  DeleteItemCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { isRefusal } from '../../functions/aws/errors.ts'

/** Later than the time-to-live says, as DynamoDB's is: whoever reads must filter. In ms. */
export const defaultLatenessMs = 10 * 60_000

export interface Sweep {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly now: () => number
  /** How long past its `expiresAt` (epoch seconds, as DynamoDB's TTL has it) an item is left, in ms. */
  readonly latenessMs: number
}

/** Deletes what expired long enough ago, once. Gives how many items went. */
export async function sweep({ client, tableName, now, latenessMs }: Sweep): Promise<number> {
  const limit = { N: String(Math.floor((now() - latenessMs) / 1000)) }
  let swept = 0
  let after: Record<string, AttributeValue> | undefined
  do {
    const page: { Items?: Record<string, AttributeValue>[]; LastEvaluatedKey?: typeof after } =
      await client.send(new ScanCommand({ ...expired(tableName, limit), ExclusiveStartKey: after }))
    for (const item of page.Items ?? []) {
      if (await deleted(client, tableName, item, limit)) swept++
    }
    after = page.LastEvaluatedKey
  } while (after !== undefined)
  return swept
}

const expired = (TableName: string, limit: AttributeValue) => ({
  TableName,
  FilterExpression: '#at < :limit',
  ProjectionExpression: 'pk, sk',
  ExpressionAttributeNames: { '#at': 'expiresAt' },
  ExpressionAttributeValues: { ':limit': limit },
})

/** The condition lets an item live that was renewed since the scan saw it. */
async function deleted(
  client: DynamoDBClient,
  TableName: string,
  { pk, sk }: Record<string, AttributeValue>,
  limit: AttributeValue,
): Promise<boolean> {
  if (pk === undefined || sk === undefined) return false
  try {
    await client.send(
      new DeleteItemCommand({
        TableName,
        Key: { pk, sk },
        ConditionExpression: '#at < :limit',
        ExpressionAttributeNames: { '#at': 'expiresAt' },
        ExpressionAttributeValues: { ':limit': limit },
      }),
    )
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}
