import { describe, expect, it } from 'vitest'
import { printerListSchema, printerViewSchema, ticketAnswerSchema } from '../../protocol/rest.ts'
import { EnvironmentError, readEnvironment } from '../../functions/env.ts'
import { healthzHandler } from '../../functions/handlers/healthz.ts'
import { printerHandler } from '../../functions/handlers/printer.ts'
import { printersHandler } from '../../functions/handlers/printers.ts'
import { ticketsHandler } from '../../functions/handlers/tickets.ts'
import type { HttpEvent } from '../../functions/handlers/http.ts'
import { jsonLog } from '../../functions/json-log.ts'
import { isAdmitted } from '../../functions/relay/people/admission.ts'
import { helloOf, keyframeOf, makeWorld, printerId, startOfTime } from '../model/world.ts'

const request = (more: { headers?: object; id?: string; claims?: object } = {}): HttpEvent =>
  ({
    routeKey: 'GET /v1/printers/{id}',
    headers: more.headers ?? {},
    pathParameters: { id: more.id ?? printerId },
    requestContext: {
      requestId: 'request-1',
      authorizer: {
        jwt: { claims: more.claims ?? { sub: 'owner', exp: '4000000000', iat: '1600000000' } },
      },
    },
  }) as unknown as HttpEvent

const withState = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  return { world, agent }
}

describe('HTTP API', () => {
  it('answers a printer with its snapshot, and nothing anew while nothing changed', async () => {
    const { world, agent } = await withState()
    const handler = printerHandler(world.relay)
    const first = await handler(request())
    expect(first).toMatchObject({
      statusCode: 200,
      headers: { 'Cache-Control': 'private, no-cache' },
    })
    expect(printerViewSchema.parse(JSON.parse(first.body))).toMatchObject({ state: { seq: 1 } })
    world.clock.now += 1000
    const headers = { 'If-None-Match': `"other", ${first.headers['ETag']}` }
    expect(await handler(request({ headers }))).toMatchObject({ statusCode: 304, body: '' })
    await world.said(agent, keyframeOf(2))
    expect(await handler(request({ headers }))).toMatchObject({ statusCode: 200 })
  })

  it('lists what the caller may see', async () => {
    const { world } = await withState()
    const answer = await printersHandler(world.relay)(request())
    expect(printerListSchema.parse(JSON.parse(answer.body)).printers.map(({ id }) => id)).toEqual([
      printerId,
    ])
  })

  it('gives a ticket that no cache keeps', async () => {
    const { world } = await withState()
    const answer = await ticketsHandler(world.relay)(request())
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'Cache-Control': 'no-store' } })
    expect(ticketAnswerSchema.parse(JSON.parse(answer.body)).expiresIn).toBe(60_000)
  })

  it.each([
    [request({ id: 'printer-2' }), 404, 'not_found'],
    [request({ id: '../etc' }), 404, 'not_found'],
    [request({ claims: { sub: 'somebody', exp: '4000000000' } }), 404, 'not_found'],
    [request({ claims: {} }), 401, 'unauthenticated'],
    [request({ claims: { sub: 'owner', exp: 'never' } }), 401, 'unauthenticated'],
  ])('refuses %# with a status and a code', async (event, status, code) => {
    const { world } = await withState()
    const answer = await printerHandler(world.relay)(event)
    expect(answer.statusCode).toBe(status)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code, requestId: 'request-1' } })
  })

  it('is healthy while both tables answer', async () => {
    const { world } = await withState()
    const event = { requestContext: { requestId: 'r' } }
    expect(await healthzHandler(world.relay)(event)).toMatchObject({ statusCode: 200 })
    world.ports.directory.get = async () => {
      throw new TypeError('no table')
    }
    expect(await healthzHandler(world.relay)(event)).toMatchObject({ statusCode: 500 })
  })
})

describe('admission', () => {
  const rule = { emails: ['a@one.example'], domains: ['two.example'], group: 'groups=makers' }
  it.each([
    [{ email: 'A@one.example', email_verified: true }, true],
    [{ email: 'b@two.example', email_verified: 'true' }, true],
    [{ email: 'a@one.example' }, false],
    [{ email: 'a@not-two.example', email_verified: true }, false],
    [{ email: 'x@two.example@evil.example', email_verified: true }, false],
    [{ groups: ['makers'] }, true],
    [{ groups: '[users makers]' }, true],
    [{ groups: 'shoemakers' }, false],
    [{ groups: 'makers' }, true],
    [{ groups: 'former makers' }, false],
    [{}, false],
  ])('of %j is %s', (claims, admitted) => {
    expect(isAdmitted(rule, claims)).toBe(admitted)
  })

  it('without a rule lets in everyone whom the issuer knows', () => {
    expect(isAdmitted({ emails: [], domains: [], group: undefined }, {})).toBe(true)
  })
})

describe('environment', () => {
  it('names every variable that is missing or wrong, at once and without its value', () => {
    const read = () => readEnvironment({ GATEWAY_ENDPOINT: 'secret', LOG_LEVEL: 'loud' })
    expect(read).toThrow(EnvironmentError)
    for (const name of [
      'LIVE_TABLE is missing',
      'DIRECTORY_TABLE is missing',
      'GATEWAY_ENDPOINT',
      'LOG_LEVEL',
    ])
      expect(read).toThrow(name)
    expect(read).not.toThrow('secret')
  })
})

describe('log', () => {
  it('writes one object a line, from its level on, with the time as Lambda wants it', () => {
    const lines: string[] = []
    const log = jsonLog(
      'warn',
      (line) => lines.push(line),
      () => 1_700_000_000_123,
    )
    log.info({}, 'not this')
    log.warn({ code: 'x' }, 'line\nbreak')
    const timestamp = '2023-11-14T22:13:20.123Z'
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { timestamp, level: 'warn', message: 'line\nbreak', code: 'x' },
    ])
    expect(lines.join('')).not.toContain('\n')
  })
})
