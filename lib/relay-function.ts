import { Duration } from 'aws-cdk-lib'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { EntryName } from '../functions/routes.ts'
import { bundleFolder } from './bundle.ts'
import type { Config } from './config.ts'
import { entries } from './entries.ts'
import { relayLogGroup } from './relay-log-group.ts'

export interface RelayFunctionProps {
  readonly entry: EntryName
  readonly config: Config
  /** Where `bundleFunctions` wrote to. */
  readonly bundles: string
  readonly environment: Readonly<Record<string, string>>
  readonly statements: readonly PolicyStatement[]
}

/** One Lambda of the relay with a role and a log of its own. */
export class RelayFunction extends Construct {
  readonly lambda: LambdaFunction

  constructor(scope: Construct, id: string, props: RelayFunctionProps) {
    super(scope, id)
    const { entry, config, bundles, environment } = props
    const { does, memory, timeOut } = entries[entry]
    const logGroup = relayLogGroup(this, 'Log', config)
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `FluxRelay: ${does}`,
    })
    for (const statement of props.statements) role.addToPolicy(statement)
    // The managed AWSLambdaBasicExecutionRole would let it write to every log of the account.
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    )
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `FluxRelay: ${does}`,
      code: Code.fromAsset(bundleFolder(bundles, entry)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memory,
      timeout: Duration.millis(timeOut),
      environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Every run logs three lines of the platform's else, which cost more than the run.
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      tracing: Tracing.DISABLED,
      // Nothing that runs asynchronously is worth repeating: the next frame or minute heals it.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    })
  }
}
