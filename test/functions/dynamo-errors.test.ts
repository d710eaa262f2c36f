import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dynamoTable } from '../../functions/aws/dynamo-table.ts'
import { TableError } from '../../functions/relay/table/table-error.ts'
import { embeddedDynamo } from '../../local/tables/embedded-dynamo.ts'

const key = { pk: 'P', sk: 'S' }
const secret = 'a-secret-that-nobody-reads'
let server: Server
let answer: { status: number; type: string; message: string } | 'silence'

beforeEach(async () => {
  server = createServer((_, res) => {
    if (answer === 'silence') return
    const { status, type, message } = answer
    res.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
    res.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

function table(requestMs: number) {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: secret, secretAccessKey: secret },
    maxAttempts: 1,
  })
  return dynamoTable({ client, tableName: 'live', timeouts: { requestMs } })
}

const failure = async (requestMs = 5_000): Promise<TableError> => {
  const error = await table(requestMs)
    .put({ ...key })
    .catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(TableError)
  return error as TableError
}

it.each([
  [400, 'ProvisionedThroughputExceededException', 'Slow down', 'throttled', true],
  [400, 'ThrottlingException', 'Slow down', 'throttled', true],
  [400, 'RequestLimitExceeded', 'Slow down', 'throttled', true],
  [400, 'ResourceNotFoundException', 'Requested resource not found', 'table_missing', false],
  [400, 'ValidationException', 'Bad expression', 'invalid', false],
  [400, 'ValidationException', 'Item size has exceeded the maximum', 'item_too_large', false],
  [400, 'AccessDeniedException', 'Not authorized', 'denied', false],
  [500, 'InternalServerError', 'Internal', 'unavailable', true],
  [503, 'ServiceUnavailable', 'Down', 'unavailable', true],
])('tells %d %s (%s) as %s', async (status, type, message, code, retryable) => {
  answer = { status, type, message }
  const error = await failure()
  expect(error).toMatchObject({ code, retryable })
  expect(error.message).toMatch(new RegExp(`^put on table live: ${message}\\. .*\\.$`))
})

it('gives up after its time-out, which may be tried again', async () => {
  answer = 'silence'
  expect(await failure(20)).toMatchObject({ code: 'timeout', retryable: true })
})

it('tells a relay without a table store as unavailable', async () => {
  const broken = table(5_000)
  server.close()
  await expect(broken.get(key)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
})

it('carries nothing of the request, which holds credentials', async () => {
  answer = { status: 400, type: 'ValidationException', message: 'Bad' }
  const { cause, ...rest } = await failure()
  expect(cause).toBeUndefined()
  expect(JSON.stringify(rest)).not.toContain(secret)
})

it('tells an item that is too large, and a table that is not there, as dynalite does', async () => {
  const dynamo = await embeddedDynamo({ folder: undefined })
  const at = (tableName: string) =>
    dynamoTable({ client: dynamo.client, tableName, timeouts: { requestMs: 5_000 } })
  const large = at('live').put({ ...key, text: 'x'.repeat(410_000) })
  await expect(large).rejects.toMatchObject({ code: 'item_too_large' })
  await expect(at('gone').get(key)).rejects.toMatchObject({ code: 'table_missing' })
  await dynamo.close()
})
