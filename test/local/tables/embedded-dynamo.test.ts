import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embeddedDynamo, type EmbeddedDynamo } from '../../../local/tables/embedded-dynamo.ts'
import { tempFolder } from '../issuer/support.ts'

let dir: string
let folder: string
let remove: () => Promise<void>
const open: EmbeddedDynamo[] = []
const start = async (): Promise<EmbeddedDynamo> => {
  const one = await embeddedDynamo({ folder })
  open.push(one)
  return one
}
const failure = (): Promise<unknown> => start().catch((error: unknown) => error)

const key = { pk: { S: 'P#1' }, sk: { S: 'STATE' } }
const put = (one: EmbeddedDynamo) =>
  one.client.send(new PutItemCommand({ TableName: 'directory', Item: { ...key, n: { N: '7' } } }))
const got = (one: EmbeddedDynamo) =>
  one.client.send(new GetItemCommand({ TableName: 'directory', Key: key, ConsistentRead: true }))

beforeEach(async () => {
  ;({ dir, remove } = await tempFolder())
  folder = join(dir, 'tables')
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  await remove()
})

describe('the embedded tables', () => {
  it('are directory and live, on demand, with the alive index on live', async () => {
    const { client } = await start()
    const described = async (TableName: string) =>
      (await client.send(new DescribeTableCommand({ TableName }))).Table
    expect(await described('directory')).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    })
    expect(await described('live')).toMatchObject({
      TableStatus: 'ACTIVE',
      GlobalSecondaryIndexes: [{ IndexName: 'alive', Projection: { ProjectionType: 'KEYS_ONLY' } }],
    })
  })

  it('are found again with their data by a second start', async () => {
    const first = await start()
    await put(first)
    await open.pop()?.close()
    expect((await got(await start())).Item).toEqual({ ...key, n: { N: '7' } })
  })

  it('have credentials of this run only, and listen on loopback', async () => {
    const first = await start()
    await open.pop()?.close()
    const second = await start()
    expect(second.config.credentials).not.toEqual(first.config.credentials)
    expect(second.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it('answer nobody without the key of this run, and no web page', async () => {
    const { endpoint, config } = await start()
    const ask = async (headers: Record<string, string>, method = 'POST') =>
      (await fetch(endpoint, { method, headers, ...(method === 'POST' && { body: '{}' }) })).status
    const authorization = (id: string) => `AWS4-HMAC-SHA256 Credential=${id}/20260101/us-east-1`
    const target = { 'x-amz-target': 'DynamoDB_20120810.ListTables' }
    const origin = 'https://evil.example'
    expect(await ask({ ...target, authorization: authorization('SOMEONE') })).toBe(403)
    expect(await ask({ origin, 'access-control-request-method': 'POST' }, 'OPTIONS')).toBe(403)
    const own = authorization(config.credentials.accessKeyId)
    expect(await ask({ ...target, authorization: own, origin })).toBe(403)
  })

  it('outlive a request that is cut off half-way', async () => {
    const one = await start()
    const socket = connect(Number(new URL(one.endpoint).port), '127.0.0.1')
    await once(socket, 'connect')
    const id = one.config.credentials.accessKeyId
    const head = `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Credential=${id}/\r\nContent-Length: 99`
    socket.write(`${head}\r\n\r\n{"half":`)
    await put(one)
    socket.resetAndDestroy()
    await once(socket, 'close')
    expect((await got(one)).Item).toBeDefined()
  })

  it('can be had in memory, leaving nothing behind', async () => {
    const one = await embeddedDynamo({ folder: undefined })
    open.push(one)
    await put(one)
    expect((await got(one)).Item).toBeDefined()
    expect(await readdir(dir)).toEqual([])
  })
})

describe('the folder of the tables', () => {
  it('is refused while another run has it, and usable after that', async () => {
    await start()
    expect(await failure()).toMatchObject({ code: 'folder_in_use' })
    await open.shift()?.close()
    await expect(start()).resolves.toBeDefined()
  })

  it('is taken over from a run that was killed, whoever has its process id now', async () => {
    await put(await start())
    await open.pop()?.close()
    await writeFile(join(folder, 'pid'), `${process.pid}\n`)
    expect((await got(await start())).Item).toBeDefined()
  })

  it('names the run that has it', async () => {
    await start()
    expect(((await failure()) as Error).message).toContain(`process ${process.pid}`)
  })

  it('does without a damaged guard, which holds nothing', async () => {
    await put(await start())
    await open.pop()?.close()
    await writeFile(join(folder, 'guard', 'CURRENT'), 'nonsense\n')
    expect((await got(await start())).Item).toBeDefined()
  })

  it('is told in one line when it cannot be written', async () => {
    await writeFile(join(dir, 'file'), '')
    folder = join(dir, 'file', 'tables')
    const error = await failure()
    expect(error).toMatchObject({ code: 'folder_unwritable' })
    expect((error as Error).message).toContain(folder)
    expect((error as Error).message).not.toContain('\n')
  })

  it.runIf(process.getuid?.() !== 0)('is told when its rights forbid writing', async () => {
    await mkdir(folder)
    await chmod(folder, 0o500)
    expect(await failure()).toMatchObject({ code: 'folder_unwritable' })
  })

  const damages: ReadonlyArray<readonly [string, (db: string) => Promise<unknown>]> = [
    ['its CURRENT is nonsense', (db) => writeFile(join(db, 'CURRENT'), 'nonsense\n')],
    ['its CURRENT is gone', (db) => rm(join(db, 'CURRENT'))],
    [
      'its manifest is gone',
      async (db) => {
        const manifest = (await readdir(db)).find((name) => name.startsWith('MANIFEST'))
        await rm(join(db, manifest ?? ''))
      },
    ],
    [
      'it is empty',
      async (db) => {
        await rm(db, { recursive: true })
        await mkdir(db)
      },
    ],
  ]
  it.each(damages)('is told damaged when %s, and left as it is', async (_, damage) => {
    await put(await start())
    await open.pop()?.close()
    const db = join(folder, 'db')
    await damage(db)
    const before = (await readdir(db)).filter((name) => /^(CURRENT|MANIFEST|\d)/.test(name))
    expect(await failure()).toMatchObject({ code: 'folder_damaged' })
    const after = (await readdir(db)).filter((name) => /^(CURRENT|MANIFEST|\d)/.test(name))
    expect(after).toEqual(before)
    await expect(stat(join(folder, 'pid'))).rejects.toThrow()
  })

  it('begins anew after a first start that was killed half-way', async () => {
    await mkdir(join(folder, 'db.new'), { recursive: true })
    await writeFile(join(folder, 'db.new', 'CURRENT'), 'half')
    await expect(start()).resolves.toBeDefined()
    expect(await readdir(folder)).not.toContain('db.new')
  })
})
