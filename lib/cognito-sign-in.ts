import { Aws, Duration, SecretValue } from 'aws-cdk-lib'
import type { UserPoolClient } from 'aws-cdk-lib/aws-cognito'
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  CfnUserPoolUser,
  FeaturePlan,
  LambdaVersion,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  ProviderAttribute,
  ResourceServerScope,
  UserPool,
  UserPoolClientIdentityProvider,
  UserPoolIdentityProviderOidc,
  UserPoolOperation,
  type UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { accept } from './accepted-findings.ts'
import { isOn } from './config-fields.ts'
import type { Config } from './config.ts'
import type { CognitoConfig } from './issuer-config.ts'
import { keptPolicy } from './kept-policy.ts'
import type { SignIn } from './sign-in.ts'

const resource = 'fluxrelay'
const watch = new ResourceServerScope({
  scopeName: 'watch',
  scopeDescription: 'See the printers one is let in to',
})

export interface CognitoSignInProps {
  readonly config: Config
  readonly cognito: CognitoConfig
  /** Pages that sign-in may return to, as origins. */
  readonly origins: readonly string[]
}

/** A user pool with hosted sign-in; accounts are made for people, never by them. */
export class CognitoSignIn extends Construct {
  readonly userPool: UserPool
  readonly signIn: SignIn

  constructor(scope: Construct, id: string, { config, cognito, origins }: CognitoSignInProps) {
    super(scope, id)
    this.userPool = this.makePool(config, cognito)
    this.makeOwner(config)
    this.userPool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: domainPrefix(cognito, config) },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    })
    const server = this.userPool.addResourceServer('Scopes', {
      identifier: resource,
      scopes: [watch],
    })
    const client = this.makeClient(cognito, origins, server)
    // Without a style of its own a client's sign-in page says that it is not available.
    new CfnManagedLoginBranding(this, 'Style', {
      userPoolId: this.userPool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    })
    const required = `${resource}/${watch.scopeName}`
    this.signIn = {
      issuer: `https://${issuerHost(config)}/${this.userPool.userPoolId}`,
      clientId: client.userPoolClientId,
      audience: [client.userPoolClientId],
      requiredScopes: [required],
      scope: `openid email profile ${required}`,
      resource: undefined,
      token: 'access',
    }
  }

  /** Has `claims` put the verified address into every access token. */
  addTokenClaims(claims: IFunction): void {
    this.userPool.addTrigger(
      UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      claims,
      LambdaVersion.V2_0,
    )
  }

  private makePool({ protections }: Config, { mfa }: CognitoConfig): UserPool {
    const pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      mfa: mfa === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      // No SMS: it costs for each message and can be taken over with the number.
      mfaSecondFactor: { otp: true, sms: false },
      featurePlan: FeaturePlan.ESSENTIALS,
      removalPolicy: keptPolicy({ protections }),
      deletionProtection: isOn(protections.deletionProtection),
    })
    accept(pool, {
      'AwsSolutions-COG3':
        'Threat protection needs the Plus plan, paid for each user and month; accounts are few, made by hand, with long passwords.',
      'AwsSolutions-COG8':
        'The Plus plan is paid for each user and month; hosted sign-in needs Essentials.',
      ...(mfa === 'optional' && {
        'AwsSolutions-COG2':
          'The relay shows printers and can command none; each person may switch a second factor on, issuer.mfa "required" makes all.',
      }),
    })
    return pool
  }

  /** The first account; Cognito mails the invitation with a first password. */
  private makeOwner({ ownerEmail, protections }: Config): void {
    const owner = new CfnUserPoolUser(this, 'Owner', {
      userPoolId: this.userPool.userPoolId,
      username: ownerEmail,
      desiredDeliveryMediums: ['EMAIL'],
      userAttributes: [
        { name: 'email', value: ownerEmail },
        { name: 'email_verified', value: 'true' },
      ],
    })
    owner.applyRemovalPolicy(keptPolicy({ protections }))
  }

  private makeClient(
    { federation }: CognitoConfig,
    origins: readonly string[],
    server: UserPoolResourceServer,
  ): UserPoolClient {
    const pages = origins.map((origin) => `${origin}/`)
    return this.userPool.addClient('Viewer', {
      // A page can keep no secret: code + PKCE.
      generateSecret: false,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [
          OAuthScope.OPENID,
          OAuthScope.EMAIL,
          OAuthScope.PROFILE,
          OAuthScope.resourceServer(server, watch),
        ],
        callbackUrls: pages,
        logoutUrls: pages,
      },
      supportedIdentityProviders: [
        UserPoolClientIdentityProvider.COGNITO,
        ...(federation ? [this.makeFederation(federation)] : []),
      ],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    })
  }

  private makeFederation({
    name,
    issuer,
    clientId,
    clientSecretArn,
    scope,
  }: NonNullable<CognitoConfig['federation']>): UserPoolClientIdentityProvider {
    const provider = new UserPoolIdentityProviderOidc(this, 'Federation', {
      userPool: this.userPool,
      name,
      issuerUrl: issuer,
      clientId,
      // A reference that CloudFormation resolves: the secret is in no template.
      clientSecret: SecretValue.secretsManager(clientSecretArn).unsafeUnwrap(),
      scopes: scope.split(' '),
      attributeMapping: {
        email: ProviderAttribute.other('email'),
        emailVerified: ProviderAttribute.other('email_verified'),
      },
    })
    return UserPoolClientIdentityProvider.custom(provider.providerName)
  }
}

const issuerHost = ({ region }: Config): string => `cognito-idp.${region}.${Aws.URL_SUFFIX}`

const domainPrefix = ({ domainPrefix }: CognitoConfig, { stackName }: Config): string =>
  domainPrefix ?? `${stackName.toLowerCase()}-${Aws.ACCOUNT_ID}`

/** Where the viewer's page connects to when people sign in here: discovery, keys, tokens. */
export const cognitoSources = (cognito: CognitoConfig, config: Config): readonly string[] => [
  `https://${issuerHost(config)}`,
  `https://${domainPrefix(cognito, config)}.auth.${config.region}.amazoncognito.com`,
]
