import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { UserPool } from 'aws-cdk-lib/aws-cognito'
import type { Construct } from 'constructs'
import type { Config } from './config.ts'
import { CognitoSignIn, cognitoSources } from './cognito-sign-in.ts'
import { DirectoryTable } from './directory-table.ts'
import { externalSignIn, externalSources } from './external-sign-in.ts'
import { RelayHttpApi } from './http-api.ts'
import { LiveTable } from './live-table.ts'
import { Monitoring } from './monitoring.ts'
import { relayEnvironment } from './relay-environment.ts'
import { RelayFunctions } from './relay-functions.ts'
import type { SignIn } from './sign-in.ts'
import { SiteFiles } from './site-files.ts'
import { noteOptOuts } from './opt-outs.ts'
import { ViewerSite } from './viewer-site.ts'
import { WatchdogSchedule } from './watchdog-schedule.ts'
import { RelayWebSocketApi } from './web-socket-api.ts'

/** What was built before the stack is put together. */
export interface Builds {
  /** Folder with one folder for each entry's bundle. */
  readonly bundles: string
  /** Folder of the viewer's files. */
  readonly viewer: string
}

export interface RelayStackProps extends StackProps {
  readonly config: Config
  readonly builds: Builds
}

/** The whole relay in one account and region. */
export class RelayStack extends Stack {
  readonly live: LiveTable
  readonly directory: DirectoryTable
  readonly socketApi: RelayWebSocketApi
  readonly httpApi: RelayHttpApi
  readonly site: ViewerSite
  readonly functions: RelayFunctions

  constructor(scope: Construct, id: string, props: RelayStackProps) {
    super(scope, id, props)
    const { config, builds } = props
    this.live = new LiveTable(this, 'Live')
    this.directory = new DirectoryTable(this, 'Directory', config)
    this.socketApi = new RelayWebSocketApi(this, 'Socket', config)
    this.httpApi = new RelayHttpApi(this, 'Http', config)
    this.site = this.makeSite(config)
    const { signIn, cognito } = this.makeSignIn(config)
    this.functions = this.makeFunctions(config, builds, cognito?.userPool)
    const { lambdas } = this.functions
    if (lambdas['token-claims']) cognito?.addTokenClaims(lambdas['token-claims'])
    this.socketApi.addRoutes(lambdas)
    this.httpApi.addRoutes(lambdas, signIn)
    new WatchdogSchedule(this, 'Watchdog', lambdas.watchdog)
    new Monitoring(this, 'Monitoring', {
      config,
      lambdas,
      socketApi: this.socketApi.api,
      stageName: this.socketApi.stage.stageName,
      httpApi: this.httpApi.api,
    })
    this.copySite(config, builds, signIn)
    this.tell(config, signIn)
    noteOptOuts(this, config)
  }

  private makeSite(config: Config): ViewerSite {
    const { issuer } = config
    const sources =
      issuer.kind === 'cognito' ? cognitoSources(issuer, config) : externalSources(issuer)
    return new ViewerSite(this, 'Viewer', {
      destinations: {
        api: "'self'",
        socket: originOf(this.socketApi.url),
        issuer: sources.join(' '),
      },
      apiHost: this.httpApi.host,
      domain: config.customDomains.viewer,
    })
  }

  private makeFunctions(
    config: Config,
    { bundles }: Builds,
    userPool: UserPool | undefined,
  ): RelayFunctions {
    const { stage, api } = this.socketApi
    return new RelayFunctions(this, 'Functions', {
      config,
      bundles,
      // Who owns the first site, and who may accept an invitation, is decided by the address.
      tokenClaims: userPool !== undefined,
      environment: relayEnvironment({
        liveTable: this.live.table.tableName,
        directoryTable: this.directory.table.tableName,
        gatewayEndpoint: stage.callbackUrl,
        viewerOrigin: this.site.origin,
        config,
      }),
      permitted: {
        live: this.live.table,
        directory: this.directory.table,
        socketApiId: api.apiId,
        stageName: stage.stageName,
        userPool,
      },
    })
  }

  private makeSignIn(config: Config): { signIn: SignIn; cognito?: CognitoSignIn } {
    const { issuer, origins } = config
    if (issuer.kind === 'external') return { signIn: externalSignIn(issuer) }
    const cognito = new CognitoSignIn(this, 'SignIn', {
      config,
      cognito: issuer,
      origins: [this.site.origin, ...origins],
    })
    new CfnOutput(this, 'UserPoolId', { value: cognito.userPool.userPoolId })
    return { signIn: cognito.signIn, cognito }
  }

  private copySite(config: Config, { viewer }: Builds, signIn: SignIn): void {
    const { clientId, scope, resource, token, issuer: authority } = signIn
    new SiteFiles(this, 'Files', {
      bucket: this.site.bucket,
      build: viewer,
      config,
      viewerConfig: {
        api: this.site.origin,
        socket: this.socketApi.url,
        oidc: { authority, clientId, scope, token, ...(resource !== undefined && { resource }) },
      },
    })
  }

  private tell(config: Config, signIn: SignIn): void {
    const outputs: Readonly<Record<string, string | undefined>> = {
      ViewerUrl: this.site.origin,
      SocketUrl: this.socketApi.url,
      ApiUrl: this.httpApi.url,
      Issuer: signIn.issuer,
      ClientId: signIn.clientId,
      DirectoryTable: this.directory.table.tableName,
      ViewerDomainTarget:
        config.customDomains.viewer && this.site.distribution.distributionDomainName,
      SocketDomainTarget: this.socketApi.domainTarget,
      ApiDomainTarget: this.httpApi.domainTarget,
    }
    for (const [name, value] of Object.entries(outputs))
      if (value !== undefined)
        new CfnOutput(this, `${name}Output`, { value }).overrideLogicalId(name)
  }
}

/** `wss://host` of `wss://host/path`; the address can hold references, so it is no URL yet. */
const originOf = (url: string): string => url.split('/').slice(0, 3).join('/')
