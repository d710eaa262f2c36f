import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { aliveIndex } from '../../functions/relay/table/alive-index.ts'

/** The two tables of design §6: what is kept, and what can be lost. */
export const tableNames = { directory: 'directory', live: 'live' } as const

const keys = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
} as const satisfies Partial<CreateTableCommandInput>

export const tableShapes: readonly CreateTableCommandInput[] = [
  {
    ...keys,
    AttributeDefinitions: [...keys.AttributeDefinitions],
    KeySchema: [...keys.KeySchema],
    TableName: tableNames.directory,
  },
  {
    ...keys,
    TableName: tableNames.live,
    KeySchema: [...keys.KeySchema],
    AttributeDefinitions: [
      ...keys.AttributeDefinitions,
      { AttributeName: aliveIndex.attribute, AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: aliveIndex.name,
        KeySchema: [{ AttributeName: aliveIndex.attribute, KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  },
]
