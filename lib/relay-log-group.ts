import { RemovalPolicy } from 'aws-cdk-lib'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Config } from './config.ts'

/** A log that forgets after the configured days and goes with the stack (by itself it would stay). */
export const relayLogGroup = (
  scope: Construct,
  id: string,
  { retention }: Pick<Config, 'retention'>,
): LogGroup =>
  new LogGroup(scope, id, {
    // The enum's members are the numbers of days; config.ts takes only those.
    retention: retention.logDays satisfies number as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  })
