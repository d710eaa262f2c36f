import { Duration, Stack } from 'aws-cdk-lib'
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  Alarm,
  ComparisonOperator,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { Config } from './config.ts'
import { MonitoringDashboard } from './monitoring-dashboard.ts'
import { relayMetrics, type RelayMetrics } from './relay-metrics.ts'
import type { Lambdas } from './lambdas.ts'
import { LoggedErrors } from './logged-errors.ts'
import { silentWhilePrinting } from './silent-while-printing.ts'

export interface MonitoringProps {
  readonly config: Config
  readonly lambdas: Lambdas
  readonly socketApi: WebSocketApi
  readonly stageName: string
  readonly httpApi: HttpApi
}

interface AlarmRow {
  readonly metric: IMetric
  /** Rings when the metric's sum in its period is above. */
  readonly above: number
  readonly means: string
}

/**
 * Mails the owner. `none` leaves only the daily ceilings, `basic` adds alarms on what must not
 * happen, `full` a dashboard. CloudWatch counts the metrics that alarms look at, of which ten are
 * free: it is ten of them, two in BackgroundErrors and one in each other.
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    const { monitoring, ownerEmail } = props.config
    const metrics = relayMetrics(props)
    const rows: Record<string, AlarmRow> = ceilings(props.config, metrics)
    if (monitoring !== 'none') {
      const logged = new LoggedErrors(this, 'Logged', props.lambdas)
      const silent = silentWhilePrinting(this, props.lambdas.watchdog.logGroup)
      Object.assign(rows, alarms(metrics, logged.metric, silent))
    }
    if (Object.keys(rows).length > 0) this.ring(rows, ownerEmail)
    if (monitoring === 'full') new MonitoringDashboard(this, 'Dashboard', metrics)
  }

  private ring(rows: Readonly<Record<string, AlarmRow>>, ownerEmail: string): void {
    const topic = new Topic(this, 'Mail', { enforceSSL: true })
    topic.addSubscription(new EmailSubscription(ownerEmail))
    // With a policy of its own the topic no longer lets the account's alarms in by default.
    topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    for (const [name, { metric, above, means }] of Object.entries(rows))
      new Alarm(this, name, {
        metric,
        threshold: above,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription: `${means} docs/RUNBOOK.md, heading ${name}.`,
      }).addAlarmAction(new SnsAction(topic))
  }
}

/** What is paid for by number; together they see every request from outside but CloudFront's files. */
const ceilings = (config: Config, metrics: RelayMetrics): Record<string, AlarmRow> => {
  const daily = {
    DailyMessages: [metrics.messages, 'dailyMessageCeiling', 'WebSocket messages'],
    DailyRequests: [metrics.requests, 'dailyRequestCeiling', 'requests to the HTTP API'],
    DailyHandshakes: [metrics.handshakes, 'dailyHandshakeCeiling', 'WebSocket handshakes'],
  } as const
  return Object.fromEntries(
    Object.entries(daily).flatMap(([name, [metric, field, what]]) => {
      const above = config[field]
      if (typeof above !== 'number') return []
      const means = `More ${what} in a day than ${field}: look at the costs.`
      return [[name, { metric: metric.with({ period: Duration.days(1) }), above, means }]]
    }),
  )
}

const alarms = (
  metrics: RelayMetrics,
  loggedErrors: IMetric,
  silent: IMetric,
): Record<string, AlarmRow> => ({
  SilentWhilePrinting: {
    metric: silent,
    above: 0,
    means: 'An agent fell silent while its printer was printing.',
  },
  SocketErrors: {
    metric: metrics.socketErrors,
    above: 5,
    means: 'Lambdas behind the WebSocket API ran out of time or crashed within 5 minutes.',
  },
  LoggedErrors: {
    metric: loggedErrors,
    above: 2,
    means: 'The live path logged errors within 5 minutes: pages may be stale.',
  },
  HttpErrors: {
    metric: metrics.httpErrors,
    above: 5,
    means: 'The HTTP API answered 5xx within 5 minutes.',
  },
  BackgroundErrors: {
    metric: metrics.backgroundErrors,
    above: 2,
    means: 'The watchdog or broadcast ran out of time or crashed within 5 minutes.',
  },
  Throttled: {
    metric: metrics.throttles,
    above: 0,
    means: 'Lambda refused runs within 5 minutes, of this relay or of others in the account.',
  },
})
