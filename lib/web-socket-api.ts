import { Stack } from 'aws-cdk-lib'
import {
  ApiMapping,
  DomainName,
  WebSocketApi,
  WebSocketStage,
  type IWebSocketRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { authorizerEntry, socketRoutes } from '../functions/routes.ts'
import { accept } from './accepted-findings.ts'
import type { Config } from './config.ts'
import type { Lambdas } from './lambdas.ts'

/** The same on one machine, where it is a path. */
const stageName = 'ws'

/** The WebSocket API; `addRoutes` puts the Lambdas behind it once they exist. */
export class RelayWebSocketApi extends Construct {
  readonly api: WebSocketApi
  readonly stage: WebSocketStage
  /** What clients open: the custom domain where there is one. */
  readonly url: string
  /** What a custom domain's DNS entry must point at. */
  readonly domainTarget: string | undefined

  constructor(scope: Construct, id: string, { throttles, customDomains }: Config) {
    super(scope, id)
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-socket`,
      routeSelectionExpression: '$request.body.action',
    })
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName,
      autoDeploy: true,
      throttle: {
        rateLimit: throttles.socket.perSecond,
        burstLimit: throttles.socket.burst,
      },
    })
    accept(this.stage, {
      'AwsSolutions-APIG1':
        'Access logs of a WebSocket stage need one role for the whole account; the Lambdas log what happens.',
    })
    const domain = customDomains.socket && this.domain(customDomains.socket)
    this.url = customDomains.socket ? `wss://${customDomains.socket.name}` : this.stage.url
    this.domainTarget = domain?.regionalDomainName
  }

  /** Every route of `functions/routes.ts`, `$connect` behind the authorizer. */
  addRoutes(functions: Lambdas): void {
    // An identity source that is missing is refused before the Lambda runs, and all are required:
    // viewers send a query, agents a header, so the Lambda decides with none of them named.
    const authorizer = new WebSocketLambdaAuthorizer('Authorizer', functions[authorizerEntry], {
      identitySource: [],
    })
    for (const [key, entry] of Object.entries(socketRoutes))
      this.addRoute(key, functions[entry], key === '$connect' ? authorizer : undefined)
  }

  private addRoute(
    key: string,
    to: IFunction,
    authorizer: IWebSocketRouteAuthorizer | undefined,
  ): void {
    const name = key.replace('$', '')
    const route = this.api.addRoute(key, {
      integration: new WebSocketLambdaIntegration(`${name}Integration`, to),
      ...(authorizer && { authorizer }),
    })
    if (authorizer === undefined)
      accept(route, {
        'AwsSolutions-APIG4':
          'API Gateway takes an authorizer on $connect only; its context comes with every later event.',
      })
  }

  private domain({ name, certificateArn }: { name: string; certificateArn: string }): DomainName {
    const domainName = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    })
    new ApiMapping(this, 'Mapping', { api: this.api, domainName, stage: this.stage })
    return domainName
  }
}
