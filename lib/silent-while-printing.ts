import { Duration, Stack } from 'aws-cdk-lib'
import { Stats, type Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, MetricFilter, type ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { deployment } from '../functions/deployment.ts'

/** Counts the agents of which the watchdog logs that they fell silent in the middle of a print. */
export const silentWhilePrinting = (scope: Construct, watchdogLog: ILogGroup): Metric =>
  new MetricFilter(scope, 'SilentWhilePrintingLog', {
    logGroup: watchdogLog,
    metricNamespace: `FluxRelay/${Stack.of(scope).stackName}`,
    metricName: 'SilentWhilePrinting',
    filterPattern: FilterPattern.stringValue('$.message', '=', deployment.silentWhilePrinting),
  }).metric({ statistic: Stats.SUM, period: Duration.minutes(5) })
