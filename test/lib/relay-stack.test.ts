import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Match } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, it } from 'vitest'
import { entryNames, socketRoutes } from '../../functions/routes.ts'
import { deployment } from '../../functions/deployment.ts'
import { entries } from '../../lib/entries.ts'
import { securityHeaders } from '../../viewer/security-headers.ts'
import { synthesise, type Synthesised } from './synthesised.ts'
import { flat, lambdasOf, resources, routesOf, statementsByRole } from './template-parts.ts'

let usual: Synthesised
beforeAll(() => {
  usual = synthesise({ admission: { emails: ['friend@example.com'] } })
})

describe('tables', () => {
  const tableLike = (name: string) =>
    Object.entries(resources(usual.template, 'AWS::DynamoDB::Table')).find(([id]) =>
      id.startsWith(name),
    )?.[1]

  it('keeps the directory through a destroy, with recovery and deletion protection', () => {
    expect(tableLike('Directory')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
      },
    })
  })

  it('does not keep what a failed first deployment leaves, where nothing forbids its deletion', () => {
    const yes = { yes: false, because: 'a trial that may fail' }
    const { template } = synthesise({ protections: { deletionProtection: yes } })
    for (const type of ['DynamoDB::Table', 'Cognito::UserPool', 'Cognito::UserPoolUser'])
      for (const [id, one] of Object.entries(resources(template, `AWS::${type}`)))
        if (!id.startsWith('Live'))
          expect(one).toMatchObject({
            DeletionPolicy: 'RetainExceptOnCreate',
            UpdateReplacePolicy: 'Retain',
          })
  })

  it('lets the live table go, without paying for its recovery', () => {
    const live = tableLike('Live')
    expect(live?.DeletionPolicy).toBe('Delete')
    expect(live?.Properties['PointInTimeRecoverySpecification']).toBeUndefined()
    expect(live?.Properties['DeletionProtectionEnabled']).toBeUndefined()
  })

  it('expires items of both tables at expiresAt', () => {
    const ttl = { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } }
    usual.template.allResourcesProperties('AWS::DynamoDB::Table', Match.objectLike(ttl))
  })
})

describe('Lambdas', () => {
  it('run as arm64 ES modules on the newest runtime, quiet and untraced', () => {
    for (const { properties, entry } of lambdasOf(usual.template))
      expect({ entry, ...properties }).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      })
    expect(JSON.stringify(usual.template.toJSON())).not.toContain('xray')
  })

  it('end before a pending subscription runs out', () => {
    for (const { properties, entry } of lambdasOf(usual.template))
      if (entry !== 'watchdog') expect(properties['Timeout']).toBeLessThan(10)
  })

  it('have a whole CPU’s worth of memory where they end what many have open', () => {
    const ending = Object.entries(entries).filter(
      ([, { permissions, timeOut }]) =>
        permissions.live.includes('Query') &&
        permissions.connections.includes('DELETE') &&
        timeOut === deployment.handlerMs,
    )
    expect(ending.map(([entry]) => entry).sort()).toEqual(
      ['agent-message', 'pairing', 'pairing-redeem', 'people', 'shares'].sort(),
    )
    for (const [entry, { memory }] of ending)
      expect({ entry, memory }).toEqual({ entry, memory: 1024 })
  })

  it('have a role each', () => {
    const roles = lambdasOf(usual.template).map(({ properties }) => flat(properties['Role']))
    expect(new Set(roles).size).toBe(entryNames.length)
  })

  it('may use no managed policy', () => {
    for (const { Properties } of Object.values(resources(usual.template, 'AWS::IAM::Role')))
      expect(Properties['ManagedPolicyArns']).toBeUndefined()
  })

  it('may do exactly this', () => {
    const rights = Object.fromEntries(
      lambdasOf(usual.template).map(({ entry, statements }) => [
        entry,
        statements.flatMap(({ actions, resources: on }) =>
          actions.map((action) => `${action} on ${on.join(' and ')}`),
        ),
      ]),
    )
    expect(rights).toMatchSnapshot()
  })

  it('post to connections of this stage only, and only by the methods they use', () => {
    const on = lambdasOf(usual.template).flatMap(({ statements }) =>
      statements
        .filter(({ actions }) => actions.includes('execute-api:ManageConnections'))
        .flatMap(({ resources: all }) => all),
    )
    for (const arn of on)
      expect(arn).toMatch(/^arn:.+:<SocketApi\w+>\/ws\/(GET|POST|DELETE)\/@connections\/\*$/)
  })

  it('use no wildcard but a connection id', () => {
    for (const { statements } of lambdasOf(usual.template))
      for (const { actions, resources: on } of statements) {
        expect(actions.filter((action) => action.includes('*'))).toEqual([])
        for (const arn of on.filter((one) => one.includes('*')))
          expect(arn).toMatch(/@connections\/\*$/)
      }
  })
})

it('keeps wildcards of other roles to the copying of the viewer', () => {
  const own = new Set(
    lambdasOf(usual.template).map(({ properties }) =>
      flat(properties['Role']).replace(/[<>]|\.Arn/g, ''),
    ),
  )
  const others = [...statementsByRole(usual.template)].filter(([role]) => !own.has(role))
  const wild = others.flatMap(([role, statements]) =>
    statements.flatMap(({ actions, resources: on }) =>
      [...actions, ...on].filter((text) => text.includes('*')).map((text) => [role, text]),
    ),
  )
  expect(new Set(wild.map(([role]) => role?.replace(/[0-9A-F]{8}$/, '')))).toEqual(
    new Set(['FilesRole']),
  )
  expect(wild.map(([, text]) => text)).not.toContain('*')
})

describe('logs', () => {
  it('forget after the configured days and go with the stack', () => {
    const { template } = synthesise({ retention: { logDays: 7 } })
    const groups = Object.values(resources(template, 'AWS::Logs::LogGroup'))
    // One more: the copying of the viewer's files.
    expect(groups.length).toBe(entryNames.length + 1)
    for (const group of groups) {
      expect(group.Properties['RetentionInDays']).toBe(7)
      expect(group.DeletionPolicy).toBe('Delete')
    }
  })

  it('exist for every Lambda, so that none makes one that never forgets', () => {
    for (const { Properties } of Object.values(resources(usual.template, 'AWS::Lambda::Function')))
      expect(Properties['LoggingConfig']).toHaveProperty('LogGroup')
  })
})

describe('APIs', () => {
  it('throttles every stage as configured', () => {
    const { template } = synthesise({
      throttles: { socket: { perSecond: 7, burst: 8 }, http: { perSecond: 3, burst: 4 } },
    })
    const stages = Object.values(resources(template, 'AWS::ApiGatewayV2::Stage'))
    expect(stages.map(({ Properties }) => Properties['DefaultRouteSettings'])).toEqual([
      { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 8 },
      { ThrottlingRateLimit: 3, ThrottlingBurstLimit: 4 },
    ])
  })

  it('asks the authorizer with no identity source, since viewers and agents differ', () => {
    usual.template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: [],
    })
  })

  it('guards $connect and every HTTP route but healthz and those with a secret of their own', () => {
    const open = routesOf(usual.template).filter(({ auth }) => auth === 'NONE')
    const own = open.map(({ key }) => key).filter((key) => !key.includes(' /v1/guest/'))
    expect(own.sort()).toEqual(
      ['$default', '$disconnect', 'GET /healthz', 'hello', 'ping', 'publish', 'renew']
        .concat(['subscribe', 'sync', 'unsubscribe'])
        .concat(['POST /v1/pairing/redeem', 'POST /v1/shares/redeem'])
        .sort(),
    )
  })

  it('asks tokens of Cognito for the scope', () => {
    for (const { auth, scopes } of routesOf(usual.template))
      if (auth === 'JWT') expect(scopes).toEqual(['fluxrelay/watch'])
  })

  it('lets other pages in by their exact origin only', () => {
    const { template } = synthesise({ origins: ['https://dash.example.com'] })
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      CorsConfiguration: Match.objectLike({ AllowOrigins: ['https://dash.example.com'] }),
    })
  })

  it('calls the watchdog each minute, and not again when it fails', () => {
    usual.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ RetryPolicy: Match.objectLike({ MaximumRetryAttempts: 0 }) })],
    })
  })
})

describe('viewer', () => {
  it('has no bucket that anybody but CloudFront can read', () => {
    for (const { Properties } of Object.values(resources(usual.template, 'AWS::S3::Bucket')))
      expect(Properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      })
    const policies = JSON.stringify(resources(usual.template, 'AWS::S3::BucketPolicy'))
    const allowed = policies.match(/"Effect":"Allow","Principal":\{[^}]*\}/g)
    expect(allowed).toEqual(['"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"}'])
  })

  it('has names of its region, since the account has each name once in all regions', () => {
    const names = (region: string) => {
      const { template } = synthesise({ region })
      const [policy] = Object.values(resources(template, 'AWS::CloudFront::ResponseHeadersPolicy'))
      const [control] = Object.values(resources(template, 'AWS::CloudFront::OriginAccessControl'))
      const { Name: headers } = policy?.Properties['ResponseHeadersPolicyConfig'] as Named
      const { Name: access } = control?.Properties['OriginAccessControlConfig'] as Named
      return [headers, access]
    }
    const here = names('eu-central-1')
    expect(here).toEqual(['FluxRelay-eu-central-1-headers', 'FluxRelay-eu-central-1-viewer'])
    for (const name of names('us-east-1')) expect(here).not.toContain(name)
  })

  it('sends every header that the one-machine run sends', () => {
    const [policy] = Object.values(
      resources(usual.template, 'AWS::CloudFront::ResponseHeadersPolicy'),
    )
    const { CustomHeadersConfig, SecurityHeadersConfig } = policy?.Properties[
      'ResponseHeadersPolicyConfig'
    ] as { CustomHeadersConfig: { Items: { Header: string }[] }; SecurityHeadersConfig: object }
    const own: Readonly<Record<string, string>> = {
      'content-security-policy': 'ContentSecurityPolicy',
      'x-content-type-options': 'ContentTypeOptions',
      'x-frame-options': 'FrameOptions',
      'referrer-policy': 'ReferrerPolicy',
      'strict-transport-security': 'StrictTransportSecurity',
    }
    const wanted = Object.keys(securityHeaders({ api: '', socket: '', issuer: '' }, true))
    const custom = CustomHeadersConfig.Items.map(({ Header }) => Header)
    expect([...custom, ...Object.keys(SecurityHeadersConfig)].sort()).toEqual(
      wanted.map((header) => own[header] ?? header).sort(),
    )
  })

  it('may connect to itself, its socket and its issuer, and runs no foreign script', () => {
    const [policy] = Object.values(
      resources(usual.template, 'AWS::CloudFront::ResponseHeadersPolicy'),
    )
    const text = JSON.stringify(policy)
    const value = /"ContentSecurityPolicy":(\{"Fn::Join":.+?\]\]\})/.exec(text)?.[1] ?? '""'
    const csp = flat(JSON.parse(value))
    expect(csp).toContain("script-src 'self';")
    expect(csp).not.toMatch(/unsafe|\*/)
    expect(/connect-src ([^;]+)/.exec(csp)?.[1]?.split(' ')).toEqual([
      "'self'",
      expect.stringMatching(
        /^wss:\/\/<SocketApi\w+>\.execute-api\.eu-central-1\.<AWS::URLSuffix>$/,
      ),
      'https://cognito-idp.eu-central-1.<AWS::URLSuffix>',
      'https://fluxrelay-<AWS::AccountId>.auth.eu-central-1.amazoncognito.com',
    ])
  })
})

describe('sign-in', () => {
  it('makes accounts for people, never by them', () => {
    usual.template.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: 'ACTIVE',
      MfaConfiguration: 'OPTIONAL',
    })
  })

  it('keeps the users and the owner through a destroy', () => {
    for (const type of ['AWS::Cognito::UserPool', 'AWS::Cognito::UserPoolUser'])
      for (const { DeletionPolicy } of Object.values(resources(usual.template, type)))
        expect(DeletionPolicy).toBe('Retain')
  })

  it('gives the viewer no secret and only code with PKCE', () => {
    usual.template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
    })
  })

  it('makes no user pool for an external issuer', () => {
    const { template } = synthesise(foreign)
    template.resourceCountIs('AWS::Cognito::UserPool', 0)
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Audience: ['relay'], Issuer: 'https://id.example.com' },
    })
  })

  it('puts the address into tokens wherever the issuer is Cognito', () => {
    const entriesOf = (more: object) =>
      lambdasOf(synthesise(more).template).map(({ entry }) => entry)
    expect(entriesOf({})).toContain('token-claims')
    expect(entriesOf(foreign)).not.toContain('token-claims')
  })

  it('tells the owner’s address, and the user pool only to who changes accounts', () => {
    for (const { entry, environment } of lambdasOf(usual.template)) {
      if (entry !== 'token-claims') expect(environment['OWNER_EMAIL']).toBe('owner@example.com')
      const told = environment['USER_POOL_ID']
      if (entry === 'people' || entry === 'sessions')
        expect(flat(told)).toMatch(/^<SignInUsers\w+>$/)
      else expect(told).toBeUndefined()
    }
  })

  it('lets accounts of that pool alone be made and signed out', () => {
    const rights = (more: object) =>
      lambdasOf(synthesise(more).template).flatMap(({ entry, statements }) =>
        statements
          .filter(({ actions }) => actions.some((one) => one.startsWith('cognito-idp:')))
          .map(({ actions, resources: on }) => [entry, actions, on] as const),
      )
    const found = rights({})
    expect(found.map(([entry, actions]) => [entry, actions])).toEqual([
      ['people', ['cognito-idp:AdminCreateUser']],
      ['sessions', ['cognito-idp:AdminUserGlobalSignOut', 'cognito-idp:ListUsers']],
    ])
    for (const [, , on] of found)
      expect(on).toEqual([expect.stringMatching(/^<SignInUsers\w+\.Arn>$/)])
    expect(rights(foreign)).toEqual([])
  })
})

interface Named {
  readonly Name: string
}

interface LoggingConfig {
  readonly LogGroup: unknown
}

const external = {
  kind: 'external',
  issuer: 'https://id.example.com',
  clientId: 'viewer',
  audience: ['relay'],
  scope: 'relay.watch',
  token: 'access',
}

/** An issuer of one's own, and who of its accounts may come in. */
const foreign = { issuer: external, admission: { domains: ['example.com'] } }

describe('what an operator asks for', () => {
  it('writes the reason of every opt-out into the template', () => {
    const because = 'a stack for a day, thrown away'
    const { template } = synthesise({
      protections: {
        keepOnDestroy: { yes: false, because },
        deletionProtection: { yes: false, because },
        pointInTimeRecovery: { yes: false, because },
      },
      dailyMessageCeiling: { yes: false, because },
      dailyRequestCeiling: { yes: false, because },
      dailyHandshakeCeiling: { yes: false, because },
    })
    expect(template.toJSON()).toHaveProperty('Metadata.FluxRelayOptOuts', {
      keepOnDestroy: because,
      deletionProtection: because,
      pointInTimeRecovery: because,
      dailyMessageCeiling: because,
      dailyRequestCeiling: because,
      dailyHandshakeCeiling: because,
    })
    expect(JSON.stringify(template.toJSON())).not.toContain('"Retain"')
  })

  it('mails above the daily ceilings even without monitoring', () => {
    const { template } = synthesise({
      monitoring: 'none',
      dailyMessageCeiling: 5000,
      dailyRequestCeiling: 6000,
      dailyHandshakeCeiling: 7000,
    })
    const rings = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(
      ({ Properties: { MetricName, Period, Threshold } }) => [MetricName, Period, Threshold],
    )
    expect(rings.sort()).toEqual([
      ['Count', 86_400, 6000],
      ['Invocations', 86_400, 7000],
      ['MessageCount', 86_400, 5000],
    ])
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'owner@example.com',
    })
  })

  it('looks at no more metrics than CloudWatch has alarms for free', () => {
    const { template } = synthesise({ monitoring: 'full' })
    const looked = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(
      ({ Properties: { Metrics } }) =>
        Array.isArray(Metrics)
          ? Metrics.filter((one) => 'MetricStat' in (one as object)).length
          : 1,
    )
    expect(looked.reduce((sum, one) => sum + one)).toBe(10)
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1)
  })

  it('rings when Lambda refuses anything of the account', () => {
    usual.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Throttles',
      Dimensions: Match.absent(),
    })
  })

  it('rings when the watchdog logs that an agent fell silent while printing', () => {
    const [filter, ...others] = filtersFor('SilentWhilePrinting')
    expect(others).toEqual([])
    expect(flat(filter?.Properties['LogGroupName'])).toMatch(/watchdog/i)
    expect(filter?.Properties['FilterPattern']).toBe(
      '{ $.message = "an agent fell silent while printing" }',
    )
    usual.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'SilentWhilePrinting',
      Threshold: 0,
    })
  })

  const filtersFor = (metric: string) =>
    Object.values(resources(usual.template, 'AWS::Logs::MetricFilter')).filter(({ Properties }) =>
      JSON.stringify(Properties['MetricTransformations']).includes(`"${metric}"`),
    )

  it('counts what each Lambda of the live path logs as an error in one metric, and rings', () => {
    const filters = filtersFor('LoggedErrors')
    const live = new Set<string>([
      ...Object.values(socketRoutes),
      'authorizer',
      'broadcast',
      'watchdog',
    ])
    const logsOfLive = lambdasOf(usual.template)
      .filter(({ entry }) => live.has(entry))
      .map(({ properties }) => flat((properties['LoggingConfig'] as LoggingConfig).LogGroup))
    const counted = filters.map(({ Properties }) => flat(Properties['LogGroupName']))
    expect(counted.sort()).toEqual(logsOfLive.sort())
    for (const { Properties } of filters)
      expect(Properties).toMatchObject({
        FilterPattern: '{ ($.level = "error") || ($.level = "ERROR") }',
        MetricTransformations: [
          { MetricNamespace: 'FluxRelay/FluxRelay', MetricName: 'LoggedErrors', MetricValue: '1' },
        ],
      })
    usual.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'FluxRelay/FluxRelay',
      MetricName: 'LoggedErrors',
      Period: 300,
    })
  })

  it('names in every alarm a heading of docs/RUNBOOK.md, which has no other', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/RUNBOOK.md'), 'utf8')
    const alarms = Object.values(resources(usual.template, 'AWS::CloudWatch::Alarm'))
    const named = alarms.map(
      ({ Properties }) =>
        /docs\/RUNBOOK\.md, heading (\w+)\.$/.exec(String(Properties['AlarmDescription']))?.[1],
    )
    const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading)
    expect(headings.sort()).toEqual(named.sort())
  })

  it('takes names of one’s own for viewer, API and socket', () => {
    const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/abc`
    const { template } = synthesise({
      customDomains: {
        viewer: { name: 'watch.example.com', certificateArn: arn('us-east-1') },
        api: { name: 'api.example.com', certificateArn: arn('eu-central-1') },
        socket: { name: 'socket.example.com', certificateArn: arn('eu-central-1') },
      },
    })
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 2)
    template.hasOutput('ApiUrl', { Value: 'https://api.example.com' })
    const [connect] = lambdasOf(template).filter(({ entry }) => entry === 'connect')
    expect(flat(connect?.environment['GATEWAY_ENDPOINT'])).toMatch(/^https:\/\/<SocketApi/)
    expect(connect?.environment['ALLOWED_ORIGINS']).toBe('https://watch.example.com')
  })
})

it('looks as it looked when it was last reviewed', () => {
  const { template } = synthesise()
  const text = JSON.stringify(template.toJSON(), undefined, 2).replace(/\b[0-9a-f]{64}\b/g, 'HASH')
  expect(text).toMatchSnapshot()
})
