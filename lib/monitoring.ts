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
import { relayMetrics } from './relay-metrics.ts'
import type { Lambdas } from './lambdas.ts'

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
 * Mails the owner. `none` leaves only the daily ceiling, `basic` adds alarms on what must not
 * happen (all within CloudWatch's ten free ones), `full` a dashboard.
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    const { monitoring, dailyMessageCeiling, ownerEmail } = props.config
    const metrics = relayMetrics(props)
    const rows: Record<string, AlarmRow> = {}
    if (typeof dailyMessageCeiling === 'number')
      rows['DailyMessages'] = {
        metric: metrics.messages.with({ period: Duration.days(1) }),
        above: dailyMessageCeiling,
        means: 'More WebSocket messages in a day than dailyMessageCeiling: look at the costs.',
      }
    if (monitoring !== 'none') Object.assign(rows, alarms(metrics))
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
        alarmDescription: `${means} docs/OPERATIONS.md, "Alarms", heading ${name}.`,
      }).addAlarmAction(new SnsAction(topic))
  }
}

const alarms = (metrics: ReturnType<typeof relayMetrics>): Record<string, AlarmRow> => ({
  SocketErrors: {
    metric: metrics.socketErrors,
    above: 5,
    means: 'Lambdas behind the WebSocket API failed within 5 minutes.',
  },
  HttpErrors: {
    metric: metrics.httpErrors,
    above: 5,
    means: 'The HTTP API answered 5xx within 5 minutes.',
  },
  BackgroundErrors: {
    metric: metrics.backgroundErrors,
    above: 2,
    means: 'The watchdog or broadcast failed within 5 minutes.',
  },
  Throttled: {
    metric: metrics.throttles,
    above: 0,
    means: "Lambda refused runs within 5 minutes: the account's concurrency is used up.",
  },
})
