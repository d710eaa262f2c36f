import { Duration, Stack } from 'aws-cdk-lib'
import { Stats, type Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import {
  authorizerEntry,
  broadcastEntry,
  socketRoutes,
  type EntryName,
  type tokenEntry,
} from '../functions/routes.ts'
import type { Lambdas } from './lambdas.ts'

/** Everything that no 5xx of the HTTP API tells of. */
const entries = new Set<Exclude<EntryName, typeof tokenEntry>>([
  ...Object.values(socketRoutes),
  authorizerEntry,
  broadcastEntry,
  'watchdog',
])

/**
 * Counts what the Lambdas of the live path log as an error. They answer a fault with an `error` frame
 * and end well, and the watchdog goes on with the next printer, so AWS's own counters of failures see
 * none of it. One metric for all of them, since each is paid for.
 */
export class LoggedErrors extends Construct {
  readonly metric: Metric

  constructor(scope: Construct, id: string, lambdas: Lambdas) {
    super(scope, id)
    const [metric] = [...entries].map((entry) =>
      new MetricFilter(this, entry, {
        logGroup: lambdas[entry].logGroup,
        metricNamespace: `FluxRelay/${Stack.of(this).stackName}`,
        metricName: 'LoggedErrors',
        // Small as functions/json-log.ts writes it, large as the runtime does.
        filterPattern: FilterPattern.any(
          FilterPattern.stringValue('$.level', '=', 'error'),
          FilterPattern.stringValue('$.level', '=', 'ERROR'),
        ),
      }).metric({ statistic: Stats.SUM, period: Duration.minutes(5) }),
    )
    this.metric = metric as Metric
  }
}
