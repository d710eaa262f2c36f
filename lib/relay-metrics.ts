import { Duration } from 'aws-cdk-lib'
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { MathExpression, Metric, Stats, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Lambdas } from './lambdas.ts'

interface Sources {
  readonly lambdas: Lambdas
  readonly socketApi: WebSocketApi
  readonly stageName: string
  readonly httpApi: HttpApi
}

const period = Duration.minutes(5)

/** The numbers that AWS counts by itself and charges nothing for. */
export const relayMetrics = ({ lambdas, socketApi, stageName, httpApi }: Sources) => {
  const ofSocket = (metricName: string) =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiId: socketApi.apiId, Stage: stageName },
      statistic: Stats.SUM,
      period,
    })
  return {
    messages: ofSocket('MessageCount'),
    connects: ofSocket('ConnectCount'),
    socketErrors: ofSocket('IntegrationError'),
    httpErrors: httpApi.metricServerError({ statistic: Stats.SUM, period }),
    backgroundErrors: sum([lambdas.watchdog, lambdas.broadcast], (lambda) =>
      lambda.metricErrors({ period }),
    ),
    // One expression may name ten metrics: these are the Lambdas on the way of a live frame.
    throttles: sum(
      [
        lambdas.authorizer,
        lambdas.connect,
        lambdas.disconnect,
        lambdas['agent-message'],
        lambdas['viewer-message'],
        lambdas.broadcast,
        lambdas.watchdog,
      ],
      (lambda) => lambda.metricThrottles({ period }),
    ),
    publishing: lambdas['agent-message'].metricDuration({ statistic: Stats.p(99), period }),
  }
}

export type RelayMetrics = ReturnType<typeof relayMetrics>

const sum = (lambdas: readonly IFunction[], metric: (lambda: IFunction) => IMetric) => {
  const usingMetrics = Object.fromEntries(lambdas.map((lambda, at) => [`m${at}`, metric(lambda)]))
  return new MathExpression({
    expression: Object.keys(usingMetrics).join(' + '),
    usingMetrics,
    period,
  })
}
