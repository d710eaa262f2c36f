import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import { aliveIndex } from '../relay/table/alive-index.ts'
import type { Condition } from '../relay/table/condition.ts'
import type { Cursor, Deletion, Outcome, Query, Table } from '../relay/table/table.ts'
import { checkChange, checkKey, checkQuery, frozenItem } from '../relay/table/value.ts'
import { isRefusal, toTableError } from './errors.ts'
import { conditionExpression, placeholders, updateExpression, used } from './expression.ts'
import { fromKey, toAttributes, toItem, toKey } from './marshal.ts'

export interface DynamoTableOptions {
  /**
   * Its own retries repeat a conditional write whose answer was lost; the repetition is then
   * refused although the write happened. Whoever must know reads the item after a refusal.
   */
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly timeouts: {
    /** Longest wait for one call, the client's own retries included, in ms. */
    readonly requestMs: number
  }
}

/** The table in DynamoDB, or in anything that speaks its API. */
export function dynamoTable({ client, tableName, timeouts }: DynamoTableOptions): Table {
  const table = { TableName: tableName }
  const limits = () => ({ abortSignal: AbortSignal.timeout(timeouts.requestMs) })

  const told = async <T>(operation: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (error) {
      throw toTableError(error, operation, tableName)
    }
  }

  const unlessRefused = <T>(operation: string, call: () => Promise<T>): Promise<T | 'refused'> =>
    told(operation, async () => {
      try {
        return await call()
      } catch (error) {
        if (isRefusal(error)) return 'refused'
        throw error
      }
    })

  const write = (operation: string, call: () => Promise<unknown>): Promise<Outcome> =>
    unlessRefused(operation, async (): Promise<Outcome> => {
      await call()
      return 'done'
    })

  return {
    get: (key) =>
      told('get', async () => {
        checkKey(key)
        const input = { ...table, Key: toKey(key), ConsistentRead: true }
        const { Item } = await client.send(new GetItemCommand(input), limits())
        return Item && toItem(Item)
      }),

    put: (item, when) =>
      write('put', () => {
        const input = { ...table, Item: toAttributes(frozenItem(item)), ...conditional(when) }
        return client.send(new PutItemCommand(input), limits())
      }),

    update: (key, change, when) =>
      write('update', () => {
        checkKey(key)
        checkChange(change)
        const p = placeholders()
        const UpdateExpression = updateExpression(change, p)
        const input = { ...table, Key: toKey(key), UpdateExpression, ...conditional(when, p) }
        return client.send(new UpdateItemCommand(input), limits())
      }),

    delete: async (key, when): Promise<Deletion> => {
      const answer = await unlessRefused('delete', () => {
        checkKey(key)
        const input = { ...table, Key: toKey(key), ...conditional(when) }
        return client.send(new DeleteItemCommand({ ...input, ReturnValues: 'ALL_OLD' }), limits())
      })
      if (answer === 'refused') return { outcome: 'refused' }
      if (answer.Attributes === undefined) return { outcome: 'absent' }
      return { outcome: 'done', was: toItem(answer.Attributes) }
    },

    query: (query) =>
      told('query', async () => {
        checkQuery(query)
        const input = { ...table, ...queryInput(query) }
        const answer = await client.send(new QueryCommand(input), limits())
        return { items: (answer.Items ?? []).map(toItem), after: cursor(answer.LastEvaluatedKey) }
      }),

    alive: (after) =>
      told('alive', async () => {
        const answer = await client.send(
          new QueryCommand({ ...table, ...aliveInput(after) }),
          limits(),
        )
        return { keys: (answer.Items ?? []).map(fromKey), after: cursor(answer.LastEvaluatedKey) }
      }),
  }
}

function conditional(when: Condition | undefined, p = placeholders()) {
  if (when === undefined) return used(p)
  const ConditionExpression = conditionExpression(when, p)
  return { ConditionExpression, ...used(p) }
}

function queryInput({ pk, prefix, from, newestFirst, limit, after }: Query) {
  const p = placeholders()
  const pkIs = `${p.name('pk')} = ${p.value(pk)}`
  const bounds = [
    ...(prefix ? [`begins_with(${p.name('sk')}, ${p.value(prefix)})`] : []),
    ...(from ? [`${p.name('sk')} >= ${p.value(from)}`] : []),
  ]
  return {
    KeyConditionExpression: [pkIs, ...bounds].join(' AND '),
    ConsistentRead: true,
    ScanIndexForward: !newestFirst,
    Limit: limit,
    ExclusiveStartKey: after && toKey(after),
    ...used(p),
  }
}

function aliveInput(after: Cursor | undefined): Omit<QueryCommandInput, 'TableName'> {
  const alive = { S: aliveIndex.value }
  return {
    IndexName: aliveIndex.name,
    KeyConditionExpression: '#alive = :alive',
    ExpressionAttributeNames: { '#alive': aliveIndex.attribute },
    ExpressionAttributeValues: { ':alive': alive },
    ExclusiveStartKey: after && { ...toKey(after), [aliveIndex.attribute]: alive },
  }
}

const cursor = (key: QueryCommandInput['ExclusiveStartKey']): Cursor | undefined =>
  key && fromKey(key)
