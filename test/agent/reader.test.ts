import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { everywhere, usualFaults } from '../../local/octoprint/faults.ts'
import { oddBodies } from '../../local/octoprint/odd-bodies.ts'
import { playRecording } from '../../local/octoprint/recording-player.ts'
import { loadRecording } from '../../local/octoprint/recording.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { endpointUrl } from '../../agent/octoprint/endpoints.ts'
import { excessRights } from '../../agent/octoprint/key-rights.ts'
import { healthOf } from '../../agent/octoprint/health.ts'
import { octoPrintReader, type Fetch } from '../../agent/octoprint/reader.ts'
import { noReadings } from '../../agent/mapping/readings.ts'
import { toPrinterState } from '../../agent/mapping/to-printer-state.ts'
import { printerStateSchema } from '../../protocol/printer-state.ts'
import { running } from '../local/octoprint/running.ts'
import { handClock } from './support/hand-clock.ts'

const apiKey = 'canary-key'

const reading = (url: string, key = apiKey, clock = handClock(), get: Fetch = fetch) => {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const read = octoPrintReader({ fetch: get, clock, url, apiKey: key, signal: stop.signal })
  return { read, clock, stop }
}

const serving = async (answer: RequestListener) => {
  const server = createServer(answer)
  const requests: IncomingMessage[] = []
  server.on('request', (request: IncomingMessage) => requests.push(request))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server }
}

describe('a request', () => {
  it('is a GET with the key and without a version of the API, below the base path', async () => {
    const { url, requests } = await serving((_, response) => response.end('{}'))
    const { read } = reading(`${url}/octoprint`)
    for (const kind of ['printer', 'job', 'connection', 'version', 'user'] as const)
      await read(kind)
    expect(requests.map((request) => `${request.method} ${request.url}`)).toEqual([
      'GET /octoprint/api/printer',
      'GET /octoprint/api/job',
      'GET /octoprint/api/connection',
      'GET /octoprint/api/version',
      'GET /octoprint/api/currentuser',
    ])
    for (const { headers } of requests) {
      expect(headers['x-api-key']).toBe(apiKey)
      expect(headers).not.toHaveProperty('x-octoprint-api-version')
    }
  })

  it.each([
    ['http://h', 'http://h/api/job'],
    ['http://h/octoprint', 'http://h/octoprint/api/job'],
    ['http://h/octoprint/?a=1#b', 'http://h/octoprint/api/job'],
  ])('of base %s goes to %s', (base, url) => {
    expect(endpointUrl(base, 'job')).toBe(url)
  })
})

describe('an answer', () => {
  const play = () => running({ scenario: playRecording(loadRecording('print-complete')) })

  it('is taken', async () => {
    const octoprint = await play()
    const { read } = reading(octoprint.url, octoprint.key)
    expect(await read('job')).toMatchObject({ kind: 'ok', body: { state: 'Offline' } })
    expect(await read('printer')).toEqual({ kind: 'not_operational' })
    expect(octoprint.requests.control).toBe(0)
  })

  it('that refuses the key is told as such', async () => {
    const octoprint = await play()
    expect(await reading(octoprint.url, 'wrong').read('job')).toEqual({
      kind: 'key_refused',
      status: 403,
    })
  })

  it.each([
    [usualFaults.serverError, { kind: 'server_error', status: 500 }],
    [usualFaults.unavailable, { kind: 'server_error', status: 503 }],
    [{ kind: 'status', status: 404 } as const, { kind: 'odd_answer' }],
    [{ kind: 'status', status: 409 } as const, { kind: 'odd_answer' }],
    [{ kind: 'odd', body: 'html' } as const, { kind: 'odd_answer' }],
    [{ kind: 'odd', body: 'huge' } as const, { kind: 'odd_answer' }],
    [{ kind: 'reset' } as const, { kind: 'unreachable' }],
    [{ kind: 'cut' } as const, { kind: 'unreachable' }],
  ])('with the fault %j is %j', async (fault, outcome) => {
    const octoprint = await play()
    octoprint.faults.set(everywhere, fault)
    expect(await reading(octoprint.url, octoprint.key).read('job')).toMatchObject(outcome)
  })

  it.each(oddBodies)('with a body that is odd (%s) still makes a state', async (body) => {
    const octoprint = await play()
    octoprint.faults.set(everywhere, { kind: 'odd', body })
    const { read } = reading(octoprint.url, octoprint.key)
    const job = await read('job')
    const connection = await read('connection')
    const state = toPrinterState({
      ...noReadings,
      job: job.kind === 'ok' ? job.body : undefined,
      connection: connection.kind === 'ok' ? connection.body : undefined,
    })
    expect(printerStateSchema.safeParse(state).success).toBe(true)
  })

  it('that redirects is not followed: it would carry the key away', async () => {
    const elsewhere = await serving((_, response) => response.end('{}'))
    const { url } = await serving((_, response) =>
      response.writeHead(302, { Location: elsewhere.url }).end(),
    )
    expect(await reading(url).read('job')).toMatchObject({ kind: 'odd_answer' })
    expect(elsewhere.requests).toEqual([])
  })

  it('that does not come in time is given up', async () => {
    const octoprint = await play()
    octoprint.faults.set('/api/job', { kind: 'hang' })
    const { read, clock } = reading(octoprint.url, octoprint.key)
    const arrived = octoprint.requests.next('/api/job')
    const outcome = read('job')
    await arrived
    await clock.advance(timeOuts.octoPrintRequest)
    expect(await outcome).toEqual({ kind: 'not_answering' })
    expect(clock.timers).toBe(0)
  })

  it('that stops in the middle of its body is given up too', async () => {
    const { url, server } = await serving((_, response) => void response.write('{"state": '))
    const { read, clock } = reading(url)
    const asked = once(server, 'request')
    const outcome = read('job')
    await asked
    await clock.advance(timeOuts.octoPrintRequest)
    expect(await outcome).toEqual({ kind: 'not_answering' })
  })

  it('of a server that is not there is unreachable', async () => {
    const octoprint = await play()
    const { url, key } = octoprint
    await octoprint.goDown()
    expect(await reading(url, key).read('job')).toEqual({
      kind: 'unreachable',
      code: 'ECONNREFUSED',
    })
  })

  it('is had in spite of one reset, by a second try', async () => {
    const octoprint = await play()
    octoprint.faults.once('/api/job', { kind: 'reset' })
    expect(await reading(octoprint.url, octoprint.key).read('job')).toMatchObject({ kind: 'ok' })
    expect(octoprint.requests.count('/api/job')).toBe(2)
  })

  it('is had every time from 1.9, which closes connections without a word', async () => {
    const octoprint = await running({
      scenario: playRecording(loadRecording('print-complete-1.9.3')),
    })
    const { read } = reading(octoprint.url, octoprint.key)
    for (let n = 0; n < 30; n++) expect(await read('job')).toMatchObject({ kind: 'ok' })
  })

  it('is not waited for after a stop', async () => {
    const octoprint = await play()
    octoprint.faults.set('/api/job', { kind: 'hang' })
    const { read, stop } = reading(octoprint.url, octoprint.key)
    const arrived = octoprint.requests.next('/api/job')
    const outcome = read('job')
    await arrived
    stop.abort()
    expect(await outcome).toMatchObject({ kind: 'unreachable' })
  })
})

describe('health', () => {
  const refused = { kind: 'unreachable', code: 'ECONNREFUSED' } as const
  const ok = { kind: 'ok', body: {} } as const

  it('is restarting for a minute after OctoPrint was well, then unreachable', () => {
    const of = (sinceOk: number | undefined) =>
      healthOf({ job: refused, printer: refused }, sinceOk).state
    expect([0, 59_999, 60_000, undefined].map(of)).toEqual([
      'restarting',
      'restarting',
      'unreachable',
      'unreachable',
    ])
  })

  it.each([
    [502, 'restarting'],
    [503, 'restarting'],
    [500, 'server_error'],
  ])('is after a %i: %s', (status, state) => {
    const outcome = { kind: 'server_error', status } as const
    expect(healthOf({ job: outcome, printer: ok }, 1000).state).toBe(state)
  })

  it('is well with a 409, starting without an answer, failing when one reading fails', () => {
    const off = { kind: 'not_operational' } as const
    expect(healthOf({ job: ok, printer: off }, 0).state).toBe('ok')
    expect(healthOf({ job: undefined, printer: undefined }, undefined).state).toBe('starting')
    const hangs = { kind: 'not_answering' } as const
    expect(healthOf({ job: ok, printer: hangs }, 0).state).toBe('not_answering')
  })
})

it('a key that can act is found out, one that only reads is not', () => {
  const rights = (permissions: unknown) => excessRights({ kind: 'ok', body: { permissions } })
  expect(rights(['STATUS', 'CONTROL', 'ADMIN'])).toEqual(['CONTROL', 'ADMIN'])
  expect(rights(['STATUS', 'GCODE_VIEWER'])).toEqual([])
  expect(rights('odd')).toEqual([])
  const readOnlyGroup =
    'STATUS WEBCAM FILES_LIST FILES_DOWNLOAD GCODE_VIEWER MONITOR_TERMINAL TIMELAPSE_LIST ' +
    'TIMELAPSE_DOWNLOAD SETTINGS_READ'
  expect(rights(readOnlyGroup.split(' '))).toEqual([])
  const more = [
    'TIMELAPSE_MANAGE_UNRENDERED',
    'PLUGIN_APPKEYS_ADMIN',
    'PLUGIN_APPKEYS_GRANT',
    'PLUGIN_ACTION_COMMAND_PROMPT_INTERACT',
    'PLUGIN_BACKUP_ACCESS',
    'PLUGIN_LOGGING_MANAGE',
    'PLUGIN_OF_TOMORROW_DO',
  ]
  expect(rights(more)).toEqual(more)
})
