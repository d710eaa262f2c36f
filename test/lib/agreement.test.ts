import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { environmentSchema, readEnvironment } from '../../functions/env.ts'
import { entryNames, httpRoutes, socketRoutes } from '../../functions/routes.ts'
import { entries } from '../../lib/entries.ts'
import { tableShapes } from '../../local/tables/table-shapes.ts'
import { agentToRelay } from '../../protocol/agent-to-relay.ts'
import { viewerToRelay } from '../../protocol/viewer-to-relay.ts'
import { synthesise, type Synthesised } from './synthesised.ts'
import { flat, lambdasOf, resources, routesOf } from './template-parts.ts'

const functions = join(import.meta.dirname, '../../functions')

let stack: Synthesised
beforeAll(() => {
  stack = synthesise({
    admission: { emails: ['friend@example.com'], group: { claim: 'groups', value: 'home' } },
  })
})

describe('entries', () => {
  it('are the files that export a handler, no more and no fewer', () => {
    const files = readdirSync(functions)
      .filter((name) => name.endsWith('.ts'))
      .filter((name) =>
        /^export const handler\b/m.test(readFileSync(join(functions, name), 'utf8')),
      )
      .map((name) => name.replace(/\.ts$/, ''))
    expect(files.sort()).toEqual([...entryNames].sort())
  })

  it('are all in the stack', () => {
    expect(
      lambdasOf(stack.template)
        .map(({ entry }) => entry)
        .sort(),
    ).toEqual([...entryNames].sort())
    expect(Object.keys(entries).sort()).toEqual([...entryNames].sort())
  })
})

describe('routes', () => {
  it('of the WebSocket API are the actions of the protocol and the three of the gateway', () => {
    const actions = [...agentToRelay.def.options, ...viewerToRelay.def.options].flatMap(
      (schema) => [...actionsOf(schema)],
    )
    expect(Object.keys(socketRoutes).sort()).toEqual(
      ['$connect', '$disconnect', '$default', ...actions].sort(),
    )
  })

  it('of both APIs lead to the entries of the table', () => {
    const wanted = [
      ...Object.entries(socketRoutes),
      ...httpRoutes.map(({ method, path, entry }) => [`${method} ${path}`, entry]),
    ]
    const found = routesOf(stack.template).map(({ key, entry }) => [key, entry])
    expect(found.sort()).toEqual(wanted.sort())
  })

  it('let in without a token exactly what the table says', () => {
    const open = httpRoutes.filter(({ access }) => access !== 'person')
    const found = routesOf(stack.template).filter(
      ({ key, auth }) => key.includes('/') && auth === 'NONE',
    )
    expect(found.map(({ key }) => key)).toEqual(open.map(({ method, path }) => `${method} ${path}`))
  })
})

describe('tables', () => {
  it.each(tableShapes.map((shape) => [String(shape.TableName), shape] as const))(
    '%s has the keys and indexes of the one-machine run',
    (name, shape) => {
      const [, table] =
        Object.entries(resources(stack.template, 'AWS::DynamoDB::Table')).find(([id]) =>
          id.toLowerCase().startsWith(name),
        ) ?? []
      const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } =
        (table?.Properties ?? {}) as unknown as typeof shape
      expect({ KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode }).toEqual({
        KeySchema: shape.KeySchema,
        AttributeDefinitions: shape.AttributeDefinitions,
        GlobalSecondaryIndexes: shape.GlobalSecondaryIndexes,
        BillingMode: shape.BillingMode,
      })
    },
  )

  it('expire by the attribute that the sweeper goes by', () => {
    const sweeper = readFileSync(join(functions, '../local/tables/sweeper.ts'), 'utf8')
    const attribute = /'#at': '(\w+)'/.exec(sweeper)?.[1]
    for (const { Properties } of Object.values(resources(stack.template, 'AWS::DynamoDB::Table')))
      expect(Properties['TimeToLiveSpecification']).toEqual({
        AttributeName: attribute,
        Enabled: true,
      })
  })
})

describe('environment', () => {
  const known = new Set([...Object.keys(environmentSchema.shape), 'NODE_OPTIONS'])

  it('has only names that the functions read', () => {
    for (const { environment, entry } of lambdasOf(stack.template))
      expect({
        entry,
        unknown: Object.keys(environment).filter((name) => !known.has(name)),
      }).toEqual({ entry, unknown: [] })
  })

  it('has every name that the functions need, with values they take', () => {
    for (const { environment, entry } of lambdasOf(stack.template)) {
      if (entry === 'token-claims') continue
      const values = Object.entries(environment).map(([name, value]) => [
        name,
        flat(value).replace(/[<>:]+(?=[\w.]*)/g, (found) => (found === ':' ? ':' : '')),
      ])
      const read = readEnvironment(Object.fromEntries(values) as Record<string, string>)
      expect(read.ADMISSION_EMAILS).toBe('owner@example.com,friend@example.com')
      expect(read.ADMISSION_GROUP).toBe('groups=home')
    }
  })

  it('names broadcast to those that may invoke it, and to nobody else', () => {
    for (const { environment, entry } of lambdasOf(stack.template))
      expect({ entry, told: 'BROADCAST_FUNCTION' in environment }).toEqual({
        entry,
        told: entries[entry].permissions.invokesBroadcast,
      })
  })

  it('leaves the endpoint of DynamoDB to the SDK', () => {
    for (const { environment } of lambdasOf(stack.template))
      expect(environment).not.toHaveProperty('DYNAMODB_ENDPOINT')
  })
})

it('has the folders that cdk.json and the stack name', () => {
  expect(existsSync(join(functions, '../bin/fluxrelay.ts'))).toBe(true)
})

interface WithAction {
  readonly def: {
    readonly shape?: { readonly action?: { readonly def: { readonly values?: unknown } } }
  }
}
const actionsOf = (schema: unknown): readonly string[] => {
  const { def } = schema as WithAction
  const values = def.shape?.action?.def.values
  return Array.isArray(values) ? (values as string[]) : []
}
