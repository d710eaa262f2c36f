import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { afterEach, describe, expect, it } from 'vitest'
import { cognitoAccounts } from '../../functions/aws/cognito-accounts.ts'
import { jsonLog } from '../../functions/json-log.ts'
import { readBody } from '../../local/gateway/read-body.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

interface Asked {
  readonly action: string
  readonly wish: Readonly<Record<string, unknown>>
}
type Answer = { readonly ok: object } | { readonly error: string; readonly status?: number }

/** A user pool that answers as Cognito does: an error's name in the body, and in a header. */
const pool = async (answer: (asked: Asked) => Answer) => {
  const asked: Asked[] = []
  server = createServer((request, response) => {
    void readBody(request, 10_000).then((body) => {
      const text = body.kind === 'whole' ? Buffer.from(body.bytes).toString('utf8') : '{}'
      const action = String(request.headers['x-amz-target']).split('.')[1] ?? ''
      const one = { action, wish: JSON.parse(text) as Asked['wish'] }
      asked.push(one)
      const said = answer(one)
      const ok = 'ok' in said
      const headers = { 'content-type': 'application/x-amz-json-1.1' }
      response.writeHead(ok ? 200 : (said.status ?? 400), {
        ...headers,
        ...(!ok && { 'x-amzn-errortype': said.error }),
      })
      response.end(
        JSON.stringify(ok ? said.ok : { __type: said.error, message: 'ada@example.org' }),
      )
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new CognitoIdentityProviderClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  const lines: string[] = []
  const log = jsonLog('info', (line) => lines.push(line), Date.now)
  return { accounts: cognitoAccounts({ client, userPoolId: 'eu_1', log }), asked, lines }
}

const isResent = (wish: Asked['wish']): boolean => wish['MessageAction'] === 'RESEND'

describe('an invited address', () => {
  it('gets an account with a verified address and a mail', async () => {
    const { accounts, asked } = await pool(() => ({ ok: { User: { Username: 'x' } } }))
    expect(await accounts.invite('ada@example.org')).toEqual({ state: 'made' })
    expect(asked).toEqual([
      {
        action: 'AdminCreateUser',
        wish: {
          ...{ UserPoolId: 'eu_1', Username: 'ada@example.org', DesiredDeliveryMediums: ['EMAIL'] },
          UserAttributes: [
            { Name: 'email', Value: 'ada@example.org' },
            { Name: 'email_verified', Value: 'true' },
          ],
        },
      },
    ])
  })

  it('that signs in with a password of its own is known, and gets no mail', async () => {
    const { accounts, lines } = await pool(({ wish }) => ({
      error: isResent(wish) ? 'UnsupportedUserStateException' : 'UsernameExistsException',
    }))
    expect(await accounts.invite('ada@example.org')).toEqual({ state: 'known' })
    expect(lines).toEqual([])
  })

  it('whose first password may have run out gets another by mail', async () => {
    const { accounts, asked } = await pool(({ wish }) =>
      isResent(wish) ? { ok: {} } : { error: 'UsernameExistsException' },
    )
    expect(await accounts.invite('ada@example.org')).toEqual({ state: 'made' })
    expect(asked[1]).toEqual({
      action: 'AdminCreateUser',
      wish: {
        ...{ UserPoolId: 'eu_1', Username: 'ada@example.org', DesiredDeliveryMediums: ['EMAIL'] },
        MessageAction: 'RESEND',
      },
    })
  })

  it.each([
    ['InvalidParameterException', 400, 'bad_request'],
    ['CodeDeliveryFailureException', 400, 'bad_request'],
    ['TooManyRequestsException', 400, 'unavailable'],
    ['InternalErrorException', 500, 'unavailable'],
  ])('is told without the address when the pool says %s', async (error, status, code) => {
    const { accounts, lines } = await pool(() => ({ error, status }))
    const told: unknown = await accounts.invite('ada@example.org').catch((e: unknown) => e)
    expect(told).toMatchObject({ code })
    expect(lines.length).toBe(1)
    expect(`${lines.join('')} ${String(told)}`).not.toContain('ada@')
  })
})

describe('the sign-ins of a person', () => {
  it('end under the sub, which Cognito takes in the place of a user name', async () => {
    const { accounts, asked } = await pool(() => ({ ok: {} }))
    await accounts.endSignIns('user:0a1b-2c')
    expect(asked).toEqual([
      { action: 'AdminUserGlobalSignOut', wish: { UserPoolId: 'eu_1', Username: '0a1b-2c' } },
    ])
  })

  it('of a federated person end under the user name that the sub leads to', async () => {
    const { accounts, asked } = await pool(({ action, wish }) => {
      if (action === 'ListUsers') return { ok: { Users: [{ Username: 'Company_7' }] } }
      return wish['Username'] === 'Company_7' ? { ok: {} } : { error: 'UserNotFoundException' }
    })
    await accounts.endSignIns('user:0a1b-2c')
    expect(asked.map(({ action }) => action)).toEqual([
      ...['AdminUserGlobalSignOut', 'ListUsers', 'AdminUserGlobalSignOut'],
    ])
    expect(asked[1]?.wish).toMatchObject({ Filter: 'sub = "0a1b-2c"' })
  })

  it('of somebody who is gone are over', async () => {
    const { accounts, asked } = await pool(({ action }) =>
      action === 'ListUsers' ? { ok: { Users: [] } } : { error: 'UserNotFoundException' },
    )
    await accounts.endSignIns('user:0a1b')
    await accounts.endSignIns('user:x" or sub = "y')
    expect(asked.filter(({ action }) => action === 'ListUsers').length).toBe(1)
  })
})
