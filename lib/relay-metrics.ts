import { Duration } from 'aws-cdk-lib'
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { MathExpression, Metric, Stats, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda'
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
    requests: httpApi.metricCount({ statistic: Stats.SUM, period }),
    // Also those that are refused, which are no message and open no connection.
    handshakes: lambdas.authorizer.metricInvocations({ period }),
    socketErrors: ofSocket('IntegrationError'),
    httpErrors: httpApi.metricServerError({ statistic: Stats.SUM, period }),
    backgroundErrors: sum([lambdas.watchdog, lambdas.broadcast], (lambda) =>
      lambda.metricErrors({ period }),
    ),
    // Of the whole account, whose Lambdas share what is refused: each metric of an expression is paid
    // for as an alarm of its own, and this is one.
    throttles: LambdaFunction.metricAllThrottles({ statistic: Stats.SUM, period }),
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
