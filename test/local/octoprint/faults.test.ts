import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { everywhere, usualFaults } from '../../../local/octoprint/faults.ts'
import { oddBodies, type OddBody } from '../../../local/octoprint/odd-bodies.ts'
import { playRecording } from '../../../local/octoprint/recording-player.ts'
import { loadRecording } from '../../../local/octoprint/recording.ts'
import { syntheticPrint } from '../../../local/octoprint/synthetic-print.ts'
import type { VirtualOctoPrint } from '../../../local/octoprint/virtual-octoprint.ts'
import { ask, running } from './running.ts'

/** What Node calls the failure of a request without fetch's wrapping. */
const failureOf = (
  octoprint: VirtualOctoPrint,
  path: string,
  agent = new Agent(),
): Promise<string> =>
  new Promise((resolve) => {
    const headers = { 'X-Api-Key': octoprint.key }
    const request = get(octoprint.url + path, { headers, agent }, (response) => {
      response.on('error', (error: NodeJS.ErrnoException) => resolve(`late ${error.code}`))
      response.on('end', () => resolve('none'))
      response.resume()
    })
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })

describe('faults', () => {
  it('hang until the caller gives up', async () => {
    const octoprint = await running()
    octoprint.faults.set('/api/job', { kind: 'hang' })
    const gaveUp = new AbortController()
    const { signal } = gaveUp
    const arrived = octoprint.requests.next('/api/job')
    const headers = { 'X-Api-Key': octoprint.key }
    const asked = fetch(`${octoprint.url}/api/job`, { headers, signal })
    await arrived
    expect((await ask(octoprint, '/api/printer')).status).toBe(409)
    gaveUp.abort()
    await expect(asked).rejects.toThrow('aborted')
  })

  it('make an answer wait for the sleep it was given', async () => {
    let wake = () => {}
    const slept: number[] = []
    const sleep = (ms: number) =>
      new Promise<void>((resolve) => {
        slept.push(ms)
        wake = resolve
      })
    const octoprint = await running({ sleep })
    octoprint.faults.once('/api/job', { kind: 'slow', delayMs: 9000 })
    const arrived = octoprint.requests.next('/api/job')
    const asked = ask(octoprint, '/api/job')
    await arrived
    expect(slept).toEqual([9000])
    wake()
    expect((await asked).status).toBe(200)
  })

  it.each([
    [{ kind: 'reset' }, 'ECONNRESET'],
    [{ kind: 'cut' }, 'late ECONNRESET'],
  ] as const)('break the connection: %j', async (fault, failure) => {
    const octoprint = await running()
    octoprint.faults.once('/api/job', fault)
    expect(await failureOf(octoprint, '/api/job')).toBe(failure)
    expect(await failureOf(octoprint, '/api/job')).toBe('none')
  })

  it('refuse connections while OctoPrint restarts, then listen at the same address', async () => {
    const octoprint = await running()
    const { url } = octoprint
    await octoprint.goDown()
    expect(await failureOf(octoprint, '/api/job')).toBe('ECONNREFUSED')
    await octoprint.comeBack()
    expect(octoprint.url).toBe(url)
    expect(await failureOf(octoprint, '/api/job')).toBe('none')
  })

  it.each(Object.entries(usualFaults))('answer %s everywhere', async (_, fault) => {
    const octoprint = await running()
    octoprint.faults.set(everywhere, fault)
    for (const path of ['/api/job', '/api/version', '/any']) {
      expect((await ask(octoprint, path)).status).toBe(fault.status)
    }
    octoprint.faults.clear()
    expect((await ask(octoprint, '/api/job')).status).toBe(200)
  })

  it('last as often as they were asked to', async () => {
    const octoprint = await running()
    octoprint.faults.once('/api/job', usualFaults.serverError, 2)
    const statuses: number[] = []
    for (let n = 0; n < 3; n += 1) statuses.push((await ask(octoprint, '/api/job')).status)
    expect(statuses).toEqual([500, 500, 200])
  })
})

describe('odd bodies', () => {
  const parses: Record<OddBody, boolean> = {
    html: false,
    empty: false,
    truncated: false,
    'python-nan': false,
    'not-an-object': true,
    array: true,
    'wrong-types': true,
    nulls: true,
    'missing-fields': true,
    'unknown-fields': true,
    'any-script': true,
    'many-tools': true,
    'huge-numbers': true,
    deep: true,
    huge: true,
  }

  it.each(oddBodies)('come with status 200 and differ from the right one: %s', async (odd) => {
    const scenario = syntheticPrint()
    const octoprint = await running({ scenario, now: () => 0 })
    const right = await ask(octoprint, '/api/printer')
    octoprint.faults.set('/api/printer', { kind: 'odd', body: odd })
    const got = await ask(octoprint, '/api/printer')
    expect(got.status).toBe(200)
    expect(got.text === right.text).toBe(false)
    expect(got.body !== undefined).toBe(parses[odd])
  })

  it('can be a hundred tools or 16 MB', async () => {
    const octoprint = await running({ scenario: syntheticPrint() })
    octoprint.faults.once('/api/printer', { kind: 'odd', body: 'many-tools' })
    expect((await ask(octoprint, '/api/printer')).text).toContain('"tool99"')
    octoprint.faults.once('/api/printer', { kind: 'odd', body: 'huge' })
    expect((await ask(octoprint, '/api/printer')).text.length).toBeGreaterThan(16 * 1024 * 1024)
  })
})

describe('versions', () => {
  /** Everything one connection receives until the other side ends it. */
  const untilEnd = async (octoprint: VirtualOctoPrint): Promise<string> => {
    const socket = connect(Number(new URL(octoprint.url).port), '127.0.0.1')
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    const head = `GET /api/job HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${octoprint.key}\r\n\r\n`
    socket.write(head)
    await once(socket, 'end')
    socket.destroy()
    return text
  }

  it('1.9.3 ends the connection after a GET without announcing it', async () => {
    const scenario = playRecording(loadRecording('print-complete-1.9.3'))
    const octoprint = await running({ scenario })
    const text = await untilEnd(octoprint)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(text).not.toMatch(/^connection:/im)
    expect(text).toMatch(/\}\n$/)
  })

  it('1.9.3 resets reused connections of a keep-alive agent, and none of fetch', async () => {
    const scenario = playRecording(loadRecording('print-complete-1.9.3'))
    const octoprint = await running({ scenario })
    const agent = new Agent({ keepAlive: true })
    const failures: string[] = []
    for (let n = 0; n < 50; n += 1) failures.push(await failureOf(octoprint, '/api/job', agent))
    agent.destroy()
    expect(new Set(failures)).toEqual(new Set(['none', 'ECONNRESET']))
    for (let n = 0; n < 50; n += 1) expect((await ask(octoprint, '/api/job')).status).toBe(200)
  })

  it('1.11.8 keeps the connection for the next request', async () => {
    const octoprint = await running()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    for (let n = 0; n < 3; n += 1) {
      const request = get(`${octoprint.url}/api/version`, { agent })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      ports.add(response.socket.localPort)
      response.resume()
      await once(response, 'end')
    }
    agent.destroy()
    expect(ports.size).toBe(1)
  })

  it('can change while it runs, as after an update', async () => {
    const octoprint = await running()
    octoprint.setVersion('2.0.0rc3')
    expect((await ask(octoprint, '/api/version')).body).toMatchObject({ server: '2.0.0rc3' })
  })

  it('2.x has its own shapes in the synthetic print', async () => {
    const octoprint = await running({ scenario: syntheticPrint({ octoprint: '2.0.0rc3' }) })
    const { body } = await ask(octoprint, '/api/job')
    expect(body).toMatchObject({ error: null, job: { file: { upload: false } } })
    expect(body).not.toHaveProperty('job.averagePrintTime')
  })

  it('plays another scenario from its start', async () => {
    let ms = 0
    const octoprint = await running({ now: () => ms })
    ms = 1e9
    const idle = loadRecording('idle-heat-cool')
    octoprint.play(playRecording(idle))
    const first = idle.answers.find(({ path }) => path === '/api/printer')
    expect((await ask(octoprint, '/api/printer')).body).toEqual(first?.body)
  })
})
