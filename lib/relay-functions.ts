import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { broadcastEntry, entryNames, tokenEntry, type EntryName } from '../functions/routes.ts'
import { acceptWildcard } from './accepted-findings.ts'
import type { Config } from './config.ts'
import { entries, type ConnectionMethod } from './entries.ts'
import { connectionsArn, permissionStatements, type Permitted } from './permission-statements.ts'
import { broadcastVariable, userPoolVariable } from './relay-environment.ts'
import type { Lambdas } from './lambdas.ts'
import { RelayFunction } from './relay-function.ts'

export interface RelayFunctionsProps {
  readonly config: Config
  readonly bundles: string
  readonly environment: Readonly<Record<string, string>>
  readonly permitted: Permitted
  /** Whether Cognito is to put addresses into tokens. */
  readonly tokenClaims: boolean
}

/** Every Lambda of `functions/routes.ts`, each with the rights of its row in entries.ts. */
export class RelayFunctions extends Construct {
  readonly lambdas: Lambdas

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RelayFunctionsProps,
  ) {
    super(scope, id)
    const broadcast = this.make(broadcastEntry, undefined)
    const others = entryNames
      .filter((entry) => entry !== broadcastEntry)
      .filter((entry) => entry !== tokenEntry || props.tokenClaims)
      .map((entry) => [entry, this.make(entry, broadcast)] as const)
    this.lambdas = { [broadcastEntry]: broadcast, ...Object.fromEntries(others) } as Lambdas
  }

  private make(entry: EntryName, broadcast: IFunction | undefined): LambdaFunction {
    const { config, bundles, permitted } = this.props
    const { permissions } = entries[entry]
    const invoked = permissions.invokesBroadcast ? broadcast : undefined
    const made = new RelayFunction(this, entry, {
      entry,
      config,
      bundles,
      environment: this.environmentOf(entry, invoked),
      statements: [
        ...permissionStatements(this, permissions, permitted),
        ...(invoked ? [invokes(invoked)] : []),
      ],
    })
    for (const method of permissions.connections) acceptConnections(made, permitted, method)
    return made.lambda
  }

  private environmentOf(entry: EntryName, broadcast: IFunction | undefined) {
    if (entry === tokenEntry) return {}
    const { environment, permitted } = this.props
    const pool = entries[entry].permissions.accounts.length > 0 ? permitted.userPool : undefined
    return {
      ...environment,
      ...(broadcast && { [broadcastVariable]: broadcast.functionName }),
      ...(pool && { [userPoolVariable]: pool.userPoolId }),
    }
  }
}

const invokes = (broadcast: IFunction) =>
  new PolicyStatement({
    actions: ['lambda:InvokeFunction'],
    resources: [broadcast.functionArn],
  })

/** The only wildcard of a relay function: a connection's id is not known before it is there. */
const acceptConnections = (
  where: Construct,
  permitted: Permitted,
  method: ConnectionMethod,
): void =>
  acceptWildcard(
    where,
    connectionsArn(where, permitted, method),
    'The ids of connections are not known before they open; API, stage and method are fixed.',
  )
