import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { RelayMetrics } from './relay-metrics.ts'

/** The relay at a glance: traffic above, what must stay at zero below. */
export class MonitoringDashboard extends Construct {
  constructor(scope: Construct, id: string, metrics: RelayMetrics) {
    super(scope, id)
    new Dashboard(this, 'Board').addWidgets(
      graph('Messages', [metrics.messages, metrics.connects, metrics.handshakes]),
      graph('Requests', [metrics.requests]),
      graph('Publishing, 99th percentile', [metrics.publishing]),
      graph('Failures', [metrics.socketErrors, metrics.httpErrors, metrics.backgroundErrors]),
      graph('Throttled', [metrics.throttles]),
    )
  }
}

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 })
