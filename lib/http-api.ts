import { Duration, Stack } from 'aws-cdk-lib'
import {
  ApiMapping,
  CorsHttpMethod,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Construct } from 'constructs'
import { httpRoutes, type Access } from '../functions/routes.ts'
import { accept } from './accepted-findings.ts'
import type { Config } from './config.ts'
import type { Lambdas } from './lambdas.ts'
import type { SignIn } from './sign-in.ts'

/** The HTTP API; `addRoutes` puts the Lambdas behind it once they exist. */
export class RelayHttpApi extends Construct {
  readonly api: HttpApi
  /** Its own name, without `https://`: where CloudFront passes requests on to. */
  readonly host: string
  /** What programs are told: the custom domain where there is one. */
  readonly url: string
  /** What a custom domain's DNS entry must point at. */
  readonly domainTarget: string | undefined

  constructor(scope: Construct, id: string, { throttles, origins, customDomains }: Config) {
    super(scope, id)
    const { stackName, region, urlSuffix } = Stack.of(this)
    this.api = new HttpApi(this, 'Api', {
      apiName: `${stackName}-http`,
      createDefaultStage: false,
      // The viewer needs none: it asks under its own origin (docs/decisions/one-origin.md).
      ...(origins.length > 0 && { corsPreflight: cors(origins) }),
    })
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttles.http.perSecond, burstLimit: throttles.http.burst },
    })
    accept(stage, {
      'AwsSolutions-APIG1':
        'Access logs would keep addresses of people and cost as much as the calls; the Lambdas log what happens.',
    })
    this.host = `${this.api.apiId}.execute-api.${region}.${urlSuffix}`
    this.url = `https://${customDomains.api?.name ?? this.host}`
    this.domainTarget = customDomains.api && this.domain(customDomains.api, stage)
  }

  /** Every route of `functions/routes.ts`, behind the JWT authorizer where it says so. */
  addRoutes(functions: Lambdas, signIn: SignIn): void {
    const authorizer = new HttpJwtAuthorizer('Jwt', signIn.issuer, {
      jwtAudience: [...signIn.audience],
      identitySource: ['$request.header.Authorization'],
    })
    for (const { method, path, entry, access } of httpRoutes) {
      const signedIn = access === 'person'
      const [route] = this.api.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration: new HttpLambdaIntegration(`${entry}Integration`, functions[entry]),
        authorizer: signedIn ? authorizer : new HttpNoneAuthorizer(),
        ...(signedIn && { authorizationScopes: [...signIn.requiredScopes] }),
      })
      if (access !== 'person' && route) accept(route, { 'AwsSolutions-APIG4': whyOpen[access] })
    }
  }

  private domain(domain: { name: string; certificateArn: string }, stage: HttpStage): string {
    const domainName = new DomainName(this, 'Domain', {
      domainName: domain.name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
    })
    new ApiMapping(this, 'Mapping', { api: this.api, domainName, stage })
    return domainName.regionalDomainName
  }
}

/** Why no authorizer stands before a route. */
const whyOpen: Record<Exclude<Access, 'person'>, string> = {
  guest: 'Guests show the token of a share link, which is no JWT: the function itself checks it.',
  secret: 'The body carries a code or link that the function checks; tries are limited.',
  anyone: 'Says only whether the relay is up; monitors ask without a token.',
}

const cors = (origins: readonly string[]) => ({
  allowOrigins: [...origins],
  allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
  allowHeaders: ['authorization', 'content-type', 'if-none-match'],
  exposeHeaders: ['etag', 'retry-after'],
  maxAge: Duration.hours(1),
})
