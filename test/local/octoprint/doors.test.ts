import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedAt } from '../../../local/octoprint/app-key-limits.ts'
import { appKeyLimits } from '../../../local/octoprint/app-keys.ts'
import { adminUser } from '../../../local/octoprint/keys.ts'
import { ask, running, standingClock } from './running.ts'

describe('the key', () => {
  it.each([
    ['1.9.3', 'Invalid API key'],
    ['1.11.8', 'This needs a permission that the key or its absence does not give'],
  ])('is asked for by %s with a 403, never a 401', async (version, error) => {
    const octoprint = await running()
    octoprint.setVersion(version)
    const wrong: HeadersInit[] = [{}, { 'X-Api-Key': 'x' }, { Authorization: 'Bearer x' }]
    for (const headers of wrong) {
      for (const path of ['/api/printer', '/api/job', '/api/connection', '/api/version']) {
        const { status, body } = await ask(octoprint, path, { headers })
        expect({ status, body }).toEqual({ status: 403, body: { error } })
      }
    }
  })

  it('opens in either header', async () => {
    const octoprint = await running()
    for (const name of ['X-Api-Key', 'Authorization']) {
      const value = name === 'Authorization' ? `Bearer ${octoprint.key}` : octoprint.key
      expect((await ask(octoprint, '/api/job', { headers: { [name]: value } })).status).toBe(200)
    }
  })

  it('is random at each start and as long as the version makes it', async () => {
    const [one, other] = [await running(), await running()]
    expect(one.key).toMatch(/^[\w-]{43}$/)
    expect(one.key).not.toBe(other.key)
  })

  it('can be revoked while it is used', async () => {
    const octoprint = await running()
    expect((await ask(octoprint, '/api/job')).status).toBe(200)
    octoprint.revoke(octoprint.key)
    expect((await ask(octoprint, '/api/job')).status).toBe(403)
  })

  it('says by /api/currentuser what it may do', async () => {
    const octoprint = await running({ user: adminUser })
    expect((await ask(octoprint, '/api/currentuser')).body).toEqual(adminUser)
    const nobody = await ask(octoprint, '/api/currentuser', { headers: {} })
    expect(nobody.body).toEqual({ name: null, groups: [], permissions: [] })
  })
})

describe('the doors', () => {
  it('refuses and counts whatever would move a printer', async () => {
    const octoprint = await running()
    const paths = ['/api/job', '/api/printer/tool', '/api/connection', '/api/files/local/a.gcode']
    for (const path of paths) {
      const headers = { 'X-Api-Key': octoprint.key }
      const { status } = await ask(octoprint, path, { method: 'POST', headers, body: '{}' })
      expect(status).toBe(403)
    }
    expect(octoprint.requests.control).toBe(paths.length)
    await ask(octoprint, '/api/job')
    expect(octoprint.requests.control).toBe(paths.length)
  })

  it.each([
    ['GET', '/api/files', 404],
    ['GET', '/api/printer/error', 404],
    ['POST', '/nowhere', 404],
    ['DELETE', '/api/version', 405],
    ['POST', '/plugin/appkeys/probe', 405],
    ['GET', '/plugin/appkeys/request', 405],
    ['HEAD', '/api/job', 200],
    ['GET', '/api/job?x=1', 200],
  ])('answers %s %s with %i', async (method, path, status) => {
    const octoprint = await running()
    const headers = { 'X-Api-Key': octoprint.key }
    expect((await ask(octoprint, path, { method, headers })).status).toBe(status)
    expect(octoprint.requests.control).toBe(0)
  })

  it('counts by route and tells when the next request comes', async () => {
    const octoprint = await running()
    const next = octoprint.requests.next('/api/job')
    await ask(octoprint, '/api/job')
    await ask(octoprint, '/api/job')
    await ask(octoprint, '/made/up')
    await next
    const { requests } = octoprint
    expect([requests.count('/api/job'), requests.count('other'), requests.total]).toEqual([2, 1, 3])
  })
})

describe('application keys', () => {
  const post = { 'Content-Type': 'application/json' }
  const request = (octoprint: Awaited<ReturnType<typeof running>>, body: unknown = { app: 'r' }) =>
    ask(octoprint, '/plugin/appkeys/request', {
      method: 'POST',
      headers: post,
      body: JSON.stringify(body),
    })
  const pathOf = (location: string | null) => new URL(location ?? '').pathname

  it('are there when the probe says so', async () => {
    const octoprint = await running()
    expect((await ask(octoprint, '/plugin/appkeys/probe', { headers: {} })).status).toBe(204)
  })

  it('are given once to whoever was granted one', async () => {
    const octoprint = await running()
    const asked = await request(octoprint, { app: 'relay', user: 'zoë' })
    const poll = pathOf(asked.headers.get('location'))
    expect(asked.status).toBe(201)
    expect(asked.body).toEqual({
      app_token: poll.split('/').at(-1),
      auth_dialog: `${octoprint.url}${poll.replace('/request/', '/auth/')}?user=zo%C3%AB`,
    })
    const waiting = await ask(octoprint, poll, { headers: {} })
    expect([waiting.status, waiting.body]).toEqual([202, { message: 'Awaiting decision' }])
    expect(octoprint.appKeys.pending()).toMatchObject([{ app: 'relay', user: 'zoë' }])
    expect(octoprint.appKeys.grant()).toBe(true)
    const granted = await ask(octoprint, poll, { headers: {} })
    expect(granted.status).toBe(200)
    const key = (granted.body as { api_key: string }).api_key
    expect((await ask(octoprint, poll)).status).toBe(404)
    const headers = { 'X-Api-Key': key }
    expect((await ask(octoprint, '/api/job', { headers })).status).toBe(200)
  })

  it('are not given after a refusal', async () => {
    const octoprint = await running()
    const poll = pathOf((await request(octoprint)).headers.get('location'))
    expect(octoprint.appKeys.deny()).toBe(true)
    expect((await ask(octoprint, poll)).status).toBe(404)
    expect(octoprint.appKeys.grant()).toBe(false)
  })

  it('are forgotten when nobody polls for more than 5 s', async () => {
    const clock = standingClock()
    const octoprint = await running({ now: clock.now })
    const poll = pathOf((await request(octoprint)).headers.get('location'))
    for (let polls = 0; polls < 10; polls += 1) {
      clock.pass(5_000)
      expect((await ask(octoprint, poll)).status).toBe(202)
    }
    clock.pass(5_001)
    expect((await ask(octoprint, poll)).status).toBe(404)
    expect(octoprint.appKeys.grant()).toBe(false)
  })

  it('can be granted by a counter of polls', async () => {
    const octoprint = await running({ autoGrantAfterPolls: 3 })
    const poll = pathOf((await request(octoprint)).headers.get('location'))
    const statuses = [await ask(octoprint, poll), await ask(octoprint, poll)]
    expect(statuses.map(({ status }) => status)).toEqual([202, 202])
    expect((await ask(octoprint, poll)).status).toBe(200)
  })

  it('are limited to 3 a minute, 5 in ten minutes, 10 an hour', async () => {
    const clock = standingClock()
    const octoprint = await running({ now: clock.now })
    const statusAt = async (ms: number) => {
      clock.goTo(ms)
      return (await request(octoprint)).status
    }
    const minute = 60_000
    expect([await statusAt(0), await statusAt(1), await statusAt(2)]).toEqual([201, 201, 201])
    expect(await statusAt(minute - 1)).toBe(429)
    expect([await statusAt(2 * minute), await statusAt(4 * minute)]).toEqual([201, 201])
    expect(await statusAt(9 * minute)).toBe(429)
    for (const at of [15, 20, 25, 30, 35]) expect(await statusAt(at * minute)).toBe(201)
    expect(await statusAt(59 * minute)).toBe(429)
    expect(await statusAt(61 * minute)).toBe(201)
  })

  it('never pass a limit, whenever they are asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e6 }), { maxLength: 60 }), (unsorted) => {
        const taken: number[] = []
        for (const now of unsorted.sort((a, b) => a - b)) {
          if (allowedAt(appKeyLimits, taken, now)) taken.push(now)
        }
        for (const { count, windowMs } of appKeyLimits) {
          for (const from of taken) {
            const inside = taken.filter((time) => time >= from && time < from + windowMs)
            expect(inside.length).toBeLessThanOrEqual(count)
          }
        }
      }),
    )
  })

  it('are not limited by 1.9.3, whose keys have 32 characters', async () => {
    const octoprint = await running()
    octoprint.setVersion('1.9.3')
    for (let n = 0; n < 12; n += 1) expect((await request(octoprint)).status).toBe(201)
    expect(octoprint.appKeys.pending()[0]?.token).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([
    ['1.11.8', 400],
    ['2.0.0rc3', 415],
  ])('want JSON that says so: %s answers %i otherwise', async (version, status) => {
    const octoprint = await running()
    octoprint.setVersion(version)
    const asked = { method: 'POST', body: '{"app":"relay"}', headers: {} }
    expect((await ask(octoprint, '/plugin/appkeys/request', asked)).status).toBe(status)
  })

  it.each([[{}], [{ app: '' }], [{ app: 5 }], [null], ['relay']])(
    'want the name of an app, not %j',
    async (body) => {
      const octoprint = await running()
      expect((await request(octoprint, body)).status).toBe(400)
    },
  )
})
