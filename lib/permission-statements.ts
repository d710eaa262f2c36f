import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { IUserPool } from 'aws-cdk-lib/aws-cognito'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { aliveIndex } from '../functions/relay/table/alive-index.ts'
import type { AccountAction, ConnectionMethod, Permissions, TableAction } from './entries.ts'

export interface Permitted {
  readonly live: Table
  readonly directory: Table
  readonly socketApiId: string
  readonly stageName: string
  /** Where people sign in, if that is ours. */
  readonly userPool: IUserPool | undefined
}

/** The statements for an entry's rights, but for the invoking of `broadcast`, which comes with it. */
export const permissionStatements = (
  scope: Construct,
  { live, directory, aliveIndex: usesIndex, connections, accounts }: Permissions,
  permitted: Permitted,
): readonly PolicyStatement[] => [
  ...onTable(live, permitted.live.tableArn),
  ...onTable(directory, permitted.directory.tableArn),
  ...(usesIndex ? onTable(['Query'], `${permitted.live.tableArn}/index/${aliveIndex.name}`) : []),
  ...connections.map(
    (method) =>
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: [connectionsArn(scope, permitted, method)],
      }),
  ),
  ...(permitted.userPool ? onPool(accounts, permitted.userPool) : []),
]

/** On this very pool: none of these actions needs more. */
const onPool = (actions: readonly AccountAction[], { userPoolArn }: IUserPool) =>
  actions.length === 0
    ? []
    : [
        new PolicyStatement({
          actions: actions.map((action) => `cognito-idp:${action}`),
          resources: [userPoolArn],
        }),
      ]

const onTable = (actions: readonly TableAction[], arn: string) =>
  actions.length === 0
    ? []
    : [
        new PolicyStatement({
          actions: actions.map((action) => `dynamodb:${action}`),
          resources: [arn],
        }),
      ]

/** Narrower than `grantManagementApiAccess`, which gives every method. */
export const connectionsArn = (
  scope: Construct,
  { socketApiId, stageName }: Pick<Permitted, 'socketApiId' | 'stageName'>,
  method: ConnectionMethod,
): string =>
  Stack.of(scope).formatArn({
    service: 'execute-api',
    resource: socketApiId,
    resourceName: `${stageName}/${method}/@connections/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  })
