import { randomBytes } from 'node:crypto'
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { timeOuts } from '../protocol/time-outs.ts'
import { dynamoTable } from './aws/dynamo-table.ts'
import { gatewaySender } from './aws/gateway-sender.ts'
import { readEnvironment, type Environment } from './env.ts'
import { jsonLog } from './json-log.ts'
import { broadcast } from './relay/watching/fan-out.ts'
import type { Accounts, Metrics, Ports } from './relay/ports.ts'

/** What the one-machine run and tests put in the place of the cloud's. */
export interface Replacements {
  readonly region?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly now?: () => number
  readonly log?: Ports['log']
  readonly metrics?: Metrics
  readonly accounts?: Accounts
  /** Hands batches of large audiences over; a parameter, as `accountsOf`, for the bundles' sake. */
  readonly invokerOf?: (functionName: string, log: Ports['log']) => Ports['invokeBroadcast']
  /** Makes them for the user pool; a parameter, so that only the bundles that need it hold its client. */
  readonly accountsOf?: (userPoolId: string, log: Ports['log']) => Accounts
}

const noMetrics: Metrics = { count: () => {}, observe: () => {} }

export type Variables = Readonly<Record<string, string | undefined>>

/** What the use cases need, for an entry whose bundle is to hold few of them. */
export const portsFromEnv = (variables: Variables, replacements: Replacements = {}): Ports =>
  portsFrom(readEnvironment(variables), replacements)

export const portsFrom = (env: Environment, replacements: Replacements): Ports => {
  const { now = Date.now, metrics = noMetrics } = replacements
  const log =
    replacements.log ?? jsonLog(env.LOG_LEVEL, (line) => process.stdout.write(`${line}\n`), now)
  const { table, client } = clients(env, replacements)
  const accounts =
    replacements.accounts ?? (env.USER_POOL_ID && replacements.accountsOf?.(env.USER_POOL_ID, log))
  const ports: Ports = {
    live: table(env.LIVE_TABLE),
    directory: table(env.DIRECTORY_TABLE),
    sender: gatewaySender({ client, log }),
    now,
    randomBytes: (count) => randomBytes(count),
    invokeBroadcast:
      env.BROADCAST_FUNCTION && replacements.invokerOf
        ? replacements.invokerOf(env.BROADCAST_FUNCTION, log)
        : (batch) => broadcast(ports, batch),
    log,
    metrics,
    ...(accounts && { accounts }),
    keepPrintsMs: env.KEEP_PRINTS_DAYS * 24 * 60 * 60 * 1000,
  }
  return ports
}

const clients = (env: Environment, { region, credentials }: Replacements) => {
  const common = { ...(region && { region }), ...(credentials && { credentials }) }
  const dynamo = new DynamoDBClient({
    ...common,
    ...(env.DYNAMODB_ENDPOINT && { endpoint: env.DYNAMODB_ENDPOINT }),
  })
  const client = new ApiGatewayManagementApiClient({
    ...common,
    endpoint: env.GATEWAY_ENDPOINT,
    maxAttempts: 1,
  })
  const timeouts = { requestMs: timeOuts.store }
  const table = (tableName: string) => dynamoTable({ client: dynamo, tableName, timeouts })
  return { table, client }
}
