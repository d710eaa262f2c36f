import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { metricNames } from '../../functions/metric-names.ts'
import type { ViewerConfig } from '../../protocol/rest.ts'
import { selfSigned } from '../support/self-signed.ts'
import { spawnStart, type Ended } from '../support/start-process.ts'
import { connectClient, demoToken, viewWhere } from '../support/relay.ts'

// Each test starts processes of its own, which a busy machine makes slow.
vi.setConfig({ testTimeout: 60_000 })

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fluxrelay-start-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const printerIds = async (origin: string, token: string): Promise<string[]> => {
  const { printers } = await connectClient(origin, token).printers()
  return printers.map(({ id }) => id)
}

/** The first state that a viewer is shown. */
const liveState = async (origin: string, token: string, id: string) => {
  const client = connectClient(origin, token)
  client.start()
  client.watch(id)
  const state = await viewWhere(client, ({ printers }) => printers[id]?.state)
  client.stop()
  return state
}

const getOverTls = async (url: string, ca: string): Promise<string> => {
  const [answer] = (await once(get(url, { ca }), 'response')) as [IncomingMessage]
  return text(answer)
}

describe('npm start', () => {
  it('prints one address, answers there, stops on Ctrl-C and finds its data again', async () => {
    const data = join(folder, 'life')
    const first = spawnStart(['--port', '0', '--data', data], { ownGroup: true })
    const origin = await first.address
    expect(new URL(origin).hostname).toBe('127.0.0.1')

    const health = await fetch(`${origin}/healthz`)
    expect([health.status, await health.json()]).toEqual([
      200,
      expect.objectContaining({ ok: true }),
    ])
    const metrics = await (await fetch(`${origin}/metrics`)).text()
    for (const name of Object.keys(metricNames)) expect(metrics).toContain(`# TYPE ${name} `)
    expect(metrics).toMatch(/^fluxrelay_connections [01]$/m)

    const token = await demoToken(origin)
    const [id = ''] = await printerIds(origin, token)
    expect(await liveState(origin, token, id)).toHaveProperty('temperature')

    // To the whole group, as a terminal does.
    process.kill(-(first.child.pid ?? 0), 'SIGINT')
    const end = await first.ended
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(end.stdout.match(/https?:\/\//g)).toHaveLength(1)
    expect(end.stdout).toContain('FluxRelay has stopped.')

    // Same port and folder: both are free. Same token: the issuer's keys were kept.
    const { port } = new URL(origin)
    const second = spawnStart(['--port', port, '--data', data])
    expect(await second.address).toBe(origin)
    expect(await printerIds(origin, token)).toEqual([id])

    second.child.kill('SIGKILL')
    expect(await second.ended).toMatchObject({ signal: 'SIGKILL' })
    const third = spawnStart(['--port', port, '--data', data])
    await third.address
    expect(await printerIds(origin, token)).toEqual([id])
    // The generation of the killed run is superseded at once, not after its ten minutes.
    expect(await liveState(origin, token, id)).toHaveProperty('temperature')
    third.child.kill('SIGTERM')
    expect(await third.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('serves TLS with a certificate of its own, and says so where the viewer looks', async () => {
    const { cert, key } = selfSigned(Date.now())
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)])
    const tls = ['--tls-cert', files.cert, '--tls-key', files.key]
    const run = spawnStart(['--port', '0', '--data', join(folder, 'tls'), ...tls])
    const origin = await run.address
    expect(origin).toMatch(/^https:/)
    const config = JSON.parse(await getOverTls(`${origin}/config.json`, cert)) as ViewerConfig
    expect(config.socket).toBe(`${origin.replace('https', 'wss')}/ws`)
    const discovery = `${config.oidc.authority}/.well-known/openid-configuration`
    expect(await getOverTls(discovery, cert)).toContain(`"issuer":"${origin}/oidc"`)
    const socket = new WebSocket(config.socket, 'fluxrelay.v1', { ca: cert })
    socket.on('error', () => undefined)
    const [, refused] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
    expect(refused.statusCode).toBe(401)
    socket.terminate()
    run.child.kill('SIGTERM')
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('tells help on request', async () => {
    const { code, stdout, stderr } = await spawnStart(['--help']).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const flag of ['--port', '--host', '--data', '--octoprint', '--api-key', '--public-url'])
      expect(stdout).toContain(flag)
  })
})

const oneLine = ({ code, stdout, stderr }: Ended): string => {
  expect(stdout).toBe('')
  expect(code).toBe(2)
  expect(stderr).toMatch(/^fluxrelay: [^\n]+\n$/)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/)
  return stderr
}

/** Runs on a free port in a folder of its own, unless told otherwise; it is to fail. */
const failing = async (args: readonly string[], env: Record<string, string> = {}) =>
  oneLine(await spawnStart(['--port', '0', ...args], { env }).ended)

describe('a start that cannot be is told in one line, with exit code 2', () => {
  it('where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const told = await failing(['--port', String(port), '--data', join(folder, 'port')])
    expect(told).toContain(`port ${port} is taken`)
    other.close()
  })

  it('where the folder cannot be written', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    expect(await failing(['--data', join(file, 'data')])).toContain('--data')
  })

  it('where another run has the folder, which goes on', async () => {
    const data = join(folder, 'locked')
    const first = spawnStart(['--port', '0', '--data', data])
    const origin = await first.address
    expect(await failing(['--data', data])).toContain(`process ${first.child.pid}`)
    expect((await fetch(`${origin}/healthz`)).status).toBe(200)
    first.child.kill('SIGTERM')
    expect(await first.ended).toMatchObject({ code: 0 })
  })

  it('where home.json is damaged, and leaves it as it is', async () => {
    const data = join(folder, 'home')
    await mkdir(data)
    await writeFile(join(data, 'home.json'), '{"siteId":')
    expect(await failing(['--data', data])).toContain('home.json is damaged')
    expect(await readFile(join(data, 'home.json'), 'utf8')).toBe('{"siteId":')
  })

  it('where the tables are damaged', async () => {
    const data = join(folder, 'tables')
    const db = join(data, 'tables', 'db')
    await mkdir(db, { recursive: true })
    await writeFile(join(db, 'CURRENT'), 'MANIFEST-000009\n')
    expect(await failing(['--data', data])).toContain('damaged')
    expect(await readdir(db)).toContain('CURRENT')
  })

  it('where the sign-in data is damaged', async () => {
    const data = join(folder, 'issuer')
    await mkdir(join(data, 'issuer'), { recursive: true })
    await writeFile(join(data, 'issuer', 'sign-ins.json'), '[1,')
    expect(await failing(['--data', data])).toContain('sign-ins.json is damaged')
  })

  it.each<[string, string[], string]>([
    ['an unknown option', ['--prot', '1'], '--prot'],
    ['an address of others without a public one', ['--host', '0.0.0.0'], '--public-url'],
    ['a certificate that is not there', ['--tls-cert', '/no/c', '--tls-key', '/no/k'], 'ENOENT'],
    ['an OctoPrint without a key', ['--octoprint', 'http://octopi.local'], 'OCTOPRINT_API_KEY'],
    ['a public address without accounts', ['--public-url', 'https://a.example'], 'npm run account'],
  ])('where there is %s', async (what, args, told) => {
    expect(await failing(['--data', join(folder, what), ...args])).toContain(told)
  })

  it('where certificate and key do not belong together', async () => {
    const [one, other] = [selfSigned(Date.now()), selfSigned(Date.now())]
    const files = { cert: join(folder, 'one.pem'), key: join(folder, 'other.pem') }
    await Promise.all([writeFile(files.cert, one.cert), writeFile(files.key, other.key)])
    const tls = ['--tls-cert', files.cert, '--tls-key', files.key]
    expect(await failing(['--data', join(folder, 'mixed'), ...tls])).toContain('check both files')
  })

  it('without telling the key that was given', async () => {
    const told = await failing(['--data', join(folder, 'key'), '--apikey=canary-key'])
    expect(told).not.toContain('canary')
  })
})
