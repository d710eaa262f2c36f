import { describe, expect, it } from 'vitest'
import { isAllowed } from './rights.ts'

describe('the judge of rights', () => {
  const statements = [
    { actions: ['dynamodb:GetItem'], resources: ['<Live.Arn>'] },
    { actions: ['execute-api:ManageConnections'], resources: ['arn:<Api>/ws/POST/@connections/*'] },
  ]

  it.each([
    ['dynamodb:GetItem', '<Live.Arn>', true],
    ['dynamodb:PutItem', '<Live.Arn>', false],
    ['dynamodb:GetItem', '<Directory.Arn>', false],
    ['dynamodb:GetItem', '<Live.Arn>/index/alive', false],
    ['execute-api:ManageConnections', 'arn:<Api>/ws/POST/@connections/any', true],
    ['execute-api:ManageConnections', 'arn:<Api>/ws/DELETE/@connections/any', false],
  ])('answers %s on %s with %s', (action, resource, allowed) => {
    expect(isAllowed(statements, { action, resource })).toBe(allowed)
  })
})
