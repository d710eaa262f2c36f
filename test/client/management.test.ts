import { describe, expect, it } from 'vitest'
import type { RequestLike } from '../../client/deps.ts'
import { RequestError, SignInRequiredError } from '../../client/errors.ts'
import { createManagement, type Management } from '../../client/management.ts'
import { httpRoutes } from '../../functions/routes.ts'
import { virtualTime } from './virtual-time.ts'

const api = 'https://relay.test'
const hash = 'a'.repeat(64)
const secret = 'S'.repeat(43)

interface Asked extends RequestLike {
  readonly path: string
}

const managing = (answer: { status: number; body: unknown } = { status: 200, body: {} }) => {
  const asked: Asked[] = []
  const wishes: boolean[] = []
  const management = createManagement({
    clock: virtualTime(),
    config: { api, socket: 'wss://relay.test/live' },
    token: async ({ fresh }) => (wishes.push(fresh), 'opaque'),
    fetch: async (url, request) => {
      asked.push({ ...request, path: url.replace(api, '') })
      return {
        status: answer.status,
        headers: { get: () => null },
        text: async () => JSON.stringify(answer.body),
      }
    },
  })
  return { management, asked, wishes }
}

/** Each function, called with what a page gives it. */
const calls: Readonly<Record<keyof Management, (management: Management) => Promise<unknown>>> = {
  sites: (m) => m.sites(),
  site: (m) => m.site('s1'),
  audit: (m) => m.audit('s1', '12#a'),
  renameSite: (m) => m.renameSite('s1', '家'),
  changeRole: (m) => m.changeRole('s1', 'user:a', 'owner'),
  removePerson: (m) => m.removePerson('s1', 'user:a'),
  invite: (m) => m.invite('s1', { role: 'viewer', email: 'a@example.org' }),
  withdrawInvitation: (m) => m.withdrawInvitation('s1', hash),
  makeShare: (m) =>
    m.makeShare('s1', { name: 'Club', view: 'basic', display: false, lifetime: 3_600_000 }),
  revokeShare: (m) => m.revokeShare('s1', hash),
  newPrinterCode: (m) => m.newPrinterCode('s1', 'Voron'),
  newTokenCode: (m) => m.newTokenCode('p1'),
  renamePrinter: (m) => m.renamePrinter('p1', 'Voron'),
  removePrinter: (m) => m.removePrinter('p1'),
  revokeToken: (m) => m.revokeToken('p1', 1),
  leaveSite: (m) => m.leaveSite('s1'),
  leavePrinter: (m) => m.leavePrinter('p1'),
  lookAtInvitation: (m) => m.lookAtInvitation(secret),
  acceptInvitation: (m) => m.acceptInvitation(secret),
  endSessions: (m) => m.endSessions(),
}

const routeOf = ({ method, path }: Asked) =>
  `${method} ${path.split('?', 1)[0]?.replace(/\/(s1|p1)(?=\/|$)/, '/{id}')}`

const failureOf = async (made: ReturnType<typeof managing>): Promise<unknown> =>
  made.management.sites().then(
    () => undefined,
    (error: unknown) => error,
  )

describe('the management calls', () => {
  it('have one for each route on which people manage', async () => {
    const reached: string[] = []
    for (const call of Object.values(calls)) {
      const { management, asked } = managing()
      // What answers with something refuses the empty body here; the request is what counts.
      await call(management).catch(() => undefined)
      reached.push(...asked.map(routeOf))
    }
    const watching = ['printers', 'printer', 'events', 'history', 'prints', 'tickets']
    const managed = httpRoutes
      .filter(({ access, entry }) => access === 'person' && !watching.includes(entry))
      .map(({ method, path }) => `${method} ${path}`)
    expect(reached.sort()).toEqual([...managed].sort())
  })

  it('send secrets in the body and never in the address', async () => {
    const { management, asked } = managing()
    await management.acceptInvitation(secret).catch(() => undefined)
    expect(asked[0]?.path).toBe('/v1/invitations/accept')
    expect(asked[0]?.body).toBe(JSON.stringify({ secret }))
    expect(asked[0]?.headers).toEqual({
      authorization: 'Bearer opaque',
      'content-type': 'application/json',
    })
  })

  it('pass a refusal on with its code and when to try again', async () => {
    const error = { code: 'rate_limited', message: 'wait', retryable: true, retryAfter: 4000 }
    const failure = await failureOf(
      managing({ status: 429, body: { error: { ...error, requestId: 'r' } } }),
    )
    expect(failure).toBeInstanceOf(RequestError)
    expect(failure).toMatchObject({ code: 'rate_limited', retryable: true, retryAfter: 4000 })
  })

  it('call an answer odd that does not fit its schema', async () => {
    const failure = await failureOf(managing({ status: 200, body: { sites: [{ id: 's1' }] } }))
    expect(failure).toMatchObject({ code: 'odd_answer' })
  })

  it('try a refused sign-in once more with a fresh token, then ask for a person', async () => {
    const made = managing({ status: 401, body: {} })
    expect(await failureOf(made)).toBeInstanceOf(SignInRequiredError)
    expect(made.wishes).toEqual([false, true])
  })
})
