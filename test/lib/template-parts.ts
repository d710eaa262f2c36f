import type { Template } from 'aws-cdk-lib/assertions'
import { entryNames, type EntryName } from '../../functions/routes.ts'

export interface Resource {
  readonly Type: string
  readonly Properties: Record<string, unknown>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

/** Every resource of a type, by logical id. */
export const resources = (template: Template, type: string): Record<string, Resource> =>
  template.findResources(type) as Record<string, Resource>

/**
 * A value with its intrinsic functions as text: `<Id>` for a Ref, `<Id.Attribute>`, joins joined.
 * `known` puts something else in the place of a reference.
 */
export const flat = (value: unknown, known: Readonly<Record<string, string>> = {}): string => {
  if (Array.isArray(value)) return value.map((one) => flat(one, known)).join('')
  if (typeof value !== 'object' || value === null) return String(value)
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Intrinsic
  const name = Ref ?? attribute?.join('.')
  if (name !== undefined) return known[name] ?? `<${name}>`
  return (join?.[1] ?? []).map((one) => flat(one, known)).join(join?.[0])
}

interface Intrinsic {
  readonly Ref?: string
  readonly 'Fn::GetAtt'?: readonly string[]
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]]
}

export interface Statement {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** What each role may do, by the role's logical id. */
export const statementsByRole = (template: Template): Map<string, Statement[]> => {
  const found = new Map<string, Statement[]>()
  for (const { Properties } of Object.values(resources(template, 'AWS::IAM::Policy'))) {
    const { Roles, PolicyDocument } = Properties as unknown as {
      Roles: unknown[]
      PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] }
    }
    const statements = PolicyDocument.Statement.map(({ Action, Resource }) => ({
      actions: listOf(Action).map(String),
      resources: listOf(Resource).map((one) => flat(one)),
    }))
    for (const role of Roles) {
      const id = flat(role).slice(1, -1)
      found.set(id, [...(found.get(id) ?? []), ...statements])
    }
  }
  return found
}

export interface LambdaPart {
  readonly entry: EntryName
  readonly logicalId: string
  readonly properties: Record<string, unknown>
  readonly environment: Record<string, unknown>
  readonly statements: readonly Statement[]
}

/** The relay's own Lambdas, told from aws-cdk-lib's by their handler. */
export const lambdasOf = (template: Template): LambdaPart[] => {
  const roles = statementsByRole(template)
  return Object.entries(resources(template, 'AWS::Lambda::Function'))
    .filter(([, { Properties }]) => Properties['Runtime'] === 'nodejs24.x')
    .map(([logicalId, { Properties }]) => {
      const role = flat(Properties['Role']).replace(/[<>]|\.Arn/g, '')
      const { Variables = {} } = (Properties['Environment'] ?? {}) as {
        Variables?: Record<string, unknown>
      }
      return {
        entry: entryOf(logicalId),
        logicalId,
        properties: Properties,
        environment: Variables,
        statements: roles.get(role) ?? [],
      }
    })
}

/** `FunctionsagentmessageFunction1A2B` stands for `agent-message`. */
const entryOf = (logicalId: string): EntryName => {
  const name = /^Functions(\w+)Function[0-9A-F]{8}$/.exec(logicalId)?.[1] ?? logicalId
  return entryNames.find((entry) => entry.replaceAll('-', '') === name) ?? (name as EntryName)
}

/** The entry behind each route of both APIs, by `GET /v1/printers` or `$connect`. */
export const routesOf = (template: Template) => {
  const integrations = resources(template, 'AWS::ApiGatewayV2::Integration')
  const lambdas = new Map(lambdasOf(template).map(({ logicalId, entry }) => [logicalId, entry]))
  return Object.values(resources(template, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
    const target = flat(Properties['Target']).replace(/^integrations\/<|>$/g, '')
    const uri = flat(integrations[target]?.Properties['IntegrationUri'])
    const logicalId = /<([^<>]+)\.Arn>/.exec(uri)?.[1] ?? ''
    return {
      key: String(Properties['RouteKey']),
      entry: lambdas.get(logicalId),
      auth: flat(Properties['AuthorizationType'] ?? 'NONE'),
      scopes: (Properties['AuthorizationScopes'] ?? []) as string[],
    }
  })
}
