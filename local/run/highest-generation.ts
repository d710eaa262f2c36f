import { ScanCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'

/**
 * The highest `connectedAt` (ms) in any stored state, or 0. New connections must come after it also
 * when the machine's clock went back between two starts, or the old generation would own for ever.
 */
export const highestConnectedAt = async (
  client: DynamoDBClient,
  liveTable: string,
): Promise<number> => {
  let highest = 0
  let start: Record<string, { S: string }> | undefined
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: liveTable,
        ExclusiveStartKey: start,
        FilterExpression: 'sk = :state',
        ExpressionAttributeValues: { ':state': { S: 'STATE' } },
        ProjectionExpression: 'gen',
      }),
    )
    for (const { gen } of page.Items ?? [])
      highest = Math.max(highest, Number(gen?.S?.slice(0, 13)) || 0)
    start = page.LastEvaluatedKey as typeof start
  } while (start)
  return highest
}
