import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dynamoTable } from '../../../functions/aws/dynamo-table.ts'
import type { Table } from '../../../functions/relay/table/table.ts'
import { embeddedDynamo, type EmbeddedDynamo } from '../../../local/tables/embedded-dynamo.ts'
import { defaultLatenessMs, sweep } from '../../../local/tables/sweeper.ts'
import { freshTable } from '../../support/embedded.ts'

let dynamo: EmbeddedDynamo
let tableName: string
let table: Table
const nowMs = 1_800_000_000_000
const nowSeconds = nowMs / 1000
const lateSeconds = defaultLatenessMs / 1000
const now = () => nowMs

beforeAll(async () => {
  dynamo = await embeddedDynamo({ folder: undefined })
})
afterAll(() => dynamo.close())
beforeEach(async () => {
  tableName = await freshTable(dynamo.client)
  const timeouts = { requestMs: 5_000 }
  table = dynamoTable({ client: dynamo.client, tableName, timeouts })
})

const putExpiring = (sk: string, expiresAt: number) => table.put({ pk: 'P', sk, expiresAt })
const left = async () => (await table.query({ pk: 'P' })).items.map(({ sk }) => sk)
const options = (client: DynamoDBClient = dynamo.client) => ({
  client,
  now,
  latenessMs: defaultLatenessMs,
})

describe('the sweeper', () => {
  it('deletes what expired longer ago than it is late, and nothing else', async () => {
    await putExpiring('long gone', nowSeconds - lateSeconds - 1)
    await putExpiring('just late enough to stay', nowSeconds - lateSeconds)
    await putExpiring('expired', nowSeconds - 1)
    await putExpiring('alive', nowSeconds + 60)
    await table.put({ pk: 'P', sk: 'for ever' })
    await table.put({ pk: 'P', sk: 'odd', expiresAt: 'never' })
    expect(await sweep({ ...options(), tableName })).toBe(1)
    expect(await left()).toEqual([
      'alive',
      'expired',
      'for ever',
      'just late enough to stay',
      'odd',
    ])
  })

  it('lets an item live that is renewed while it sweeps', async () => {
    await putExpiring('renewed', 1)
    const renewing = new Proxy(dynamo.client, {
      get: (client, name) =>
        name === 'send'
          ? async (command: DeleteItemCommand) => {
              if (command instanceof DeleteItemCommand)
                await putExpiring('renewed', nowSeconds + 60)
              return client.send(command)
            }
          : (Reflect.get(client, name) as unknown),
    })
    expect(await sweep({ ...options(renewing), tableName })).toBe(0)
    expect(await left()).toEqual(['renewed'])
  })
})
