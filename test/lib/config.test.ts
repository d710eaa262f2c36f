import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { afterAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../lib/config.ts'
import { ConfigError } from '../../lib/config-error.ts'
import { loadConfig } from '../../lib/load-config.ts'
import { configOf, least } from './synthesised.ts'

const mistakesIn = (raw: unknown): string[] => {
  try {
    parseConfig(raw, 'a test')
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.mistakes.map(
      ({ path, expected, found }) => `${path}: expected ${expected}; found ${found}`,
    )
  }
}
const external = {
  kind: 'external',
  issuer: 'https://id.example.com',
  clientId: 'viewer',
  audience: ['relay'],
  scope: 'relay.watch',
  token: 'access',
}
const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/abc`

/** What an operator can get wrong, and how the message begins. */
const table: readonly (readonly [string, object, string])[] = [
  ['a region that is none', { region: 'Frankfurt' }, 'region: expected an AWS region such as'],
  ['an address without a name', { ownerEmail: 'me' }, 'ownerEmail: expected an e-mail address'],
  ['a misspelt field', { orgins: [] }, ': expected only the fields region, ownerEmail'],
  ['a misspelt inner field', { retention: { days: 3 } }, 'retention: expected only the fields'],
  ['an origin with a path', { origins: ['https://a.example/x'] }, 'origins[0]: expected an origin'],
  ['an origin with a slash', { origins: ['https://a.example/'] }, 'origins[0]: expected an origin'],
  ['any origin', { origins: ['*'] }, 'origins[0]: expected an origin'],
  ['an origin with a star', { origins: ['https://*.example'] }, 'origins[0]: expected an origin'],
  ['an origin over http', { origins: ['http://a.example'] }, 'origins[0]: expected an origin'],
  ['an origin in capitals', { origins: ['https://A.example'] }, 'origins[0]: expected an origin'],
  ['an origin twice', { origins: ['https://a.b', 'https://a.b'] }, 'origins: expected each entry'],
  ['no list of origins', { origins: 'https://a.example' }, 'origins: expected a list of origins'],
  ['days that are none', { retention: { logDays: 31 } }, 'retention.logDays: expected one of 1, 3'],
  [
    'too many requests',
    { throttles: { socket: { perSecond: 20_000 } } },
    'throttles.socket.perSecond: expected a whole number of requests a second from 1 to 10000',
  ],
  [
    'a burst below the rate',
    { throttles: { http: { perSecond: 90, burst: 10 } } },
    'throttles.http.burst: expected at least perSecond (90); found 10',
  ],
  [
    'few requests',
    { dailyRequestCeiling: 10 },
    'dailyRequestCeiling: expected a whole number of requests from 1000',
  ],
  [
    'text for handshakes',
    { dailyHandshakeCeiling: 'many' },
    'dailyHandshakeCeiling: expected a whole number of handshakes from 1000',
  ],
  ['a ceiling of nothing', { dailyMessageCeiling: 0 }, 'dailyMessageCeiling: expected a whole'],
  [
    'no ceiling without a reason',
    { dailyMessageCeiling: { yes: false } },
    'dailyMessageCeiling: expected a whole number of messages from 1000, or {"yes": false',
  ],
  [
    'a protection off without a reason',
    { protections: { keepOnDestroy: false } },
    'protections.keepOnDestroy: expected true, or {"yes": false, "because"',
  ],
  [
    'a protection off with no real reason',
    { protections: { deletionProtection: { yes: false, because: '        x    ' } } },
    'protections.deletionProtection.because: expected a reason of at least 10',
  ],
  ['other monitoring', { monitoring: 'some' }, 'monitoring: expected "none", "basic" or "full"'],
  ['another kind of issuer', { issuer: { kind: 'auth0' } }, 'issuer.kind: expected an object w'],
  ['an issuer over http', { issuer: { ...external, issuer: 'http://a.b' } }, 'issuer.issuer: exp'],
  ['no audience', { issuer: { ...external, audience: [] } }, 'issuer.audience: expected a list of'],
  [
    'another token',
    { issuer: { ...external, token: 'refresh' } },
    'issuer.token: expected "access',
  ],
  [
    'access tokens without a scope',
    { issuer: { ...external, scope: undefined } },
    'issuer.scope: expected the scope that its access tokens must carry',
  ],
  [
    'id tokens with a scope',
    { issuer: { ...external, audience: ['viewer'], token: 'id' } },
    'issuer.scope: expected no',
  ],
  [
    'a secret in the configuration',
    { issuer: { ...external, clientSecret: 'hush' } },
    'issuer: expected only the fields kind, issuer',
  ],
  [
    'a federation that lets in all',
    {
      issuer: {
        kind: 'cognito',
        federation: {
          name: 'Company',
          issuer: 'https://id.example.com',
          clientId: 'relay',
          clientSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:relay-AbCdEf',
        },
      },
    },
    'admission: expected a rule, since the issuer makes accounts by itself',
  ],
  [
    'an issuer of its own that lets in all',
    { issuer: external },
    'admission: expected a rule, since the issuer makes accounts by itself',
  ],
  [
    'a group with a blank in its name',
    { admission: { group: { claim: 'groups', value: '3D printers' } } },
    'admission.group.value: expected the group that may sign in, without blanks',
  ],
  [
    'a prefix that AWS refuses',
    { issuer: { kind: 'cognito', domainPrefix: 'my-aws-relay' } },
    'issuer.domainPrefix: expected up to 63 small letters',
  ],
  [
    'a stack name that gives no prefix',
    { stackName: 'Printers-on-AWS' },
    'issuer.domainPrefix: expected a prefix, since Cognito takes none',
  ],
  [
    'a certificate of CloudFront elsewhere',
    { customDomains: { viewer: { name: 'w.example.com', certificateArn: arn('eu-central-1') } } },
    'customDomains.viewer.certificateArn: expected a certificate in us-east-1',
  ],
  [
    'a certificate of the socket elsewhere',
    { customDomains: { socket: { name: 's.example.com', certificateArn: arn('us-east-1') } } },
    'customDomains.socket.certificateArn: expected a certificate in eu-central-1',
  ],
  [
    'a group without its claim',
    { admission: { group: { value: 'printers' } } },
    'admission.group.claim: expected the name of the claim',
  ],
]

describe('the configuration', () => {
  it.each(table)('refuses %s', (_, more, told) => {
    expect(mistakesIn({ ...least, ...more })).toEqual([expect.stringMatching(startOf(told))])
  })

  it('tells all mistakes at once, each with its path', () => {
    expect(
      mistakesIn({ region: 1, issuer: { kind: 'cognito', mfa: 'no' }, throttles: [] }),
    ).toHaveLength(4)
  })

  it.each([[undefined], [null], ['text'], [[]], [7]])('refuses %j in its place', (raw) => {
    expect(mistakesIn(raw)[0]).toMatch(/^: expected an object with the fields region, ownerEmail/)
  })

  it('is safe when only the least is said', () => {
    expect(configOf()).toMatchObject({
      protections: {
        keepOnDestroy: true,
        deletionProtection: true,
        pointInTimeRecovery: true,
        admissionRule: true,
      },
      issuer: { kind: 'cognito', mfa: 'optional' },
      origins: [],
      monitoring: 'basic',
      dailyMessageCeiling: 2_000_000,
      dailyRequestCeiling: 500_000,
      dailyHandshakeCeiling: 100_000,
      throttles: { socket: { perSecond: 200, burst: 400 } },
    })
  })
})

const startOf = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)

describe('where it comes from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-config-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const load = (fluxrelay: unknown) => loadConfig(new App({ context: { fluxrelay } }).node)
  const fileWith = (text: string) => {
    const file = join(folder, 'relay.json')
    writeFileSync(file, text)
    return file
  }

  it('is a file, an object in cdk.json, or JSON on the command line', () => {
    const text = JSON.stringify(least)
    for (const context of [fileWith(text), least, text]) expect(load(context)).toEqual(configOf())
  })

  it('says which file is missing and how to make it', () => {
    expect(() => load(join(folder, 'absent.json'))).toThrow(/absent\.json has 1 mistake:[^]*copy/)
  })

  it('says where the JSON is broken', () => {
    expect(() => load(fileWith('{ "region": '))).toThrow(/relay\.json has 1 mistake:[^]*JSON/)
  })

  it('is right in the example', () => {
    const example = join(import.meta.dirname, '../../fluxrelay.config.example.json')
    expect(load(example).region).toBe('eu-central-1')
  })
})
