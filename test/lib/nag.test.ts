import { AwsSolutionsChecks } from 'cdk-nag'
import { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Table, AttributeType } from 'aws-cdk-lib/aws-dynamodb'
import { describe, expect, it } from 'vitest'
import { synthesise } from './synthesised.ts'

const because = 'tested without it'
const configurations: Readonly<Record<string, object>> = {
  usual: {},
  'with everything': {
    monitoring: 'full',
    origins: ['https://dash.example.com'],
    admission: { emails: ['a@example.com'], group: { claim: 'groups', value: 'printers' } },
    issuer: {
      kind: 'cognito',
      mfa: 'required',
      federation: {
        name: 'Company',
        issuer: 'https://id.example.com',
        clientId: 'relay',
        clientSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:relay-AbCdEf',
      },
    },
  },
  'with an external issuer': {
    admission: { domains: ['example.com'] },
    issuer: {
      kind: 'external',
      issuer: 'https://id.example.com',
      clientId: 'viewer',
      audience: ['viewer'],
      token: 'id',
    },
  },
  'with every protection off': {
    monitoring: 'none',
    dailyMessageCeiling: { yes: false, because },
    dailyRequestCeiling: { yes: false, because },
    dailyHandshakeCeiling: { yes: false, because },
    protections: {
      keepOnDestroy: { yes: false, because },
      deletionProtection: { yes: false, because },
      pointInTimeRecovery: { yes: false, because },
    },
  },
}

describe('cdk-nag', () => {
  it.each(Object.entries(configurations))('finds nothing unexplained: %s', (_, more) => {
    const { app, stack } = synthesise(more)
    expect(new AwsSolutionsChecks(app).validateScope(stack).violations).toEqual([])
  })

  it('is a part of every synth, and would find what is not explained', () => {
    const { app, stack } = synthesise()
    new CfnBucket(stack, 'Open')
    new Table(stack, 'Loose', { partitionKey: { name: 'pk', type: AttributeType.STRING } })
    expect(() => app.synth({ force: true })).toThrow('AwsSolutions-S10')
    const { violations } = new AwsSolutionsChecks(app).validateScope(stack)
    expect(violations.map(({ ruleName }) => ruleName)).toEqual(
      expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10', 'AwsSolutions-DDB3']),
    )
  })
})
