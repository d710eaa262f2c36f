import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, importJWK } from 'jose'
import { relayFromEnv } from '../../functions/relay-from-env.ts'
import type { EntryName } from '../../functions/routes.ts'
import { createGateway, gatewayDefaults } from '../../local/gateway/gateway.ts'
import { readBody } from '../../local/gateway/read-body.ts'
import { createHttpApi, httpApiDefaults } from '../../local/http-api/http-api.ts'
import { embeddedDynamo } from '../../local/tables/embedded-dynamo.ts'
import { flat, resources, routesOf } from '../lib/template-parts.ts'
import { isBelow } from '../support/is-below.ts'
import { silent } from '../support/relay.ts'
import { startLambda, type LambdaWorker } from './lambda-worker.ts'
import { realSynth, type RealSynth } from './real-synth.ts'
import { asCaller, callerOf, isAllowed, type Call } from './rights.ts'

/** The page's origin, in the place of CloudFront's name. */
export const pageOrigin = 'https://page.example'

/** A call and the Lambda that made it. */
export interface MadeCall extends Call {
  readonly caller: string
}

/**
 * An account in small: the synthesised template decides which bundle stands behind which route,
 * with which environment and which rights; the emulators stand in for the services.
 */
export const startCloud = async () => {
  const synth = await realSynth()
  const tables = await embeddedDynamo({ folder: undefined })
  const ids = tableIds(synth)
  const made: MadeCall[] = []
  const refused: string[] = []
  const workers = new Map<string, LambdaWorker>()
  const background = new Set<Promise<unknown>>()

  const call = (entry: EntryName | undefined) => (event: unknown) => {
    const worker = workers.get(entry ?? '')
    if (!worker) throw new TypeError(`no Lambda ${entry}`)
    return worker.invoke(event)
  }
  const may = (request: IncomingMessage, wanted: Call): boolean => {
    const caller = callerOf(request.headers.authorization)
    const lambda = synth.lambdas.find(({ entry }) => entry === caller)
    const allowed = isAllowed(lambda?.statements ?? [], wanted)
    made.push({ caller, ...wanted })
    if (!allowed) refused.push(`${caller}: ${wanted.action} on ${wanted.resource}`)
    return allowed
  }

  const routes = routesOf(synth.template)
  const gateway = createGateway({
    ...gatewayDefaults(),
    stage: 'ws',
    accessKeyId: 'gateway',
    handlers: {
      authorizer: call('authorizer'),
      routes: Object.fromEntries(
        routes.filter(({ key }) => !key.includes('/')).map(({ key, entry }) => [key, call(entry)]),
      ),
    },
  })
  const jwt = await testIssuer(synth)
  const api = createHttpApi({
    ...httpApiDefaults(),
    jwt: jwt.configuration,
    routes: routes
      .filter(({ key }) => key.includes('/'))
      .map(({ key, entry, auth, scopes }) => {
        const [method = '', path = ''] = key.split(' ')
        const handler = call(entry)
        return { method, path, handler, scopes, auth: auth === 'JWT' ? 'jwt' : 'none' }
      }),
  })

  const dynamo = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request)
    const { TableName, IndexName } = JSON.parse(body.toString('utf8')) as Record<string, string>
    const action = String(request.headers['x-amz-target']).replace(/^.*\./, 'dynamodb:')
    const resource = `<${ids[TableName ?? '']}.Arn>${IndexName ? `/index/${IndexName}` : ''}`
    if (!may(request, { action, resource })) return denied(response)
    forward(tables.endpoint, tables.config.credentials.accessKeyId, request, body, response)
  }
  const management = (request: IncomingMessage, response: ServerResponse) => {
    const resource = socketArn(synth, request.method ?? '')
    if (!may(request, { action: 'execute-api:ManageConnections', resource }))
      return denied(response)
    request.headers.authorization = asCaller(request.headers.authorization, 'gateway')
    gateway.handleManagement(request, response)
  }
  /** Every account is there, and every call does what it is asked. */
  const accounts = (request: IncomingMessage, response: ServerResponse) => {
    const action = String(request.headers['x-amz-target']).replace(/^.*\./, 'cognito-idp:')
    if (!may(request, { action, resource: `<${userPoolOf(synth)}.Arn>` })) return denied(response)
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}')
  }
  const invocation = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request)
    const name = decodeURIComponent(request.url?.split('/')[3] ?? '')
    const lambda = synth.lambdas.find(({ logicalId }) => logicalId === name)
    const wanted = { action: 'lambda:InvokeFunction', resource: `<${name}.Arn>` }
    if (!lambda || !may(request, wanted)) return denied(response)
    background.add(call(lambda.entry)(JSON.parse(body.toString('utf8'))))
    response.writeHead(202).end()
  }

  const server = createServer((request, response) => {
    const { url = '/' } = request
    if (url.startsWith('/2015-03-31/functions/')) void invocation(request, response)
    else if (isForAccounts(request)) accounts(request, response)
    else if (isBelow(url, '/ws')) management(request, response)
    else if (isBelow(url, '/v1') || isBelow(url, '/healthz')) void api.handle(request, response)
    else void dynamo(request, response)
  })
  server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const base = `http://127.0.0.1:${port}`

  const known = knownNames(synth, ids)
  for (const { entry, file, environment } of synth.lambdas) {
    const fromTemplate = Object.entries(environment).map(
      ([name, value]) => [name, flat(value, known)] as const,
    )
    const env = {
      ...Object.fromEntries(fromTemplate),
      ...{ GATEWAY_ENDPOINT: `${base}/ws`, DYNAMODB_ENDPOINT: base, AWS_ENDPOINT_URL_LAMBDA: base },
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: base,
      ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: entry, AWS_SECRET_ACCESS_KEY: 'secret' },
      AWS_SESSION_TOKEN: 'session',
      AWS_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    }
    workers.set(entry, await startLambda(file, env))
  }
  /** What the operator's own tools do, past the Lambdas. */
  const operator = relayFromEnv(
    {
      ...{ LIVE_TABLE: 'live', DIRECTORY_TABLE: 'directory' },
      ...{ GATEWAY_ENDPOINT: `${base}/ws`, DYNAMODB_ENDPOINT: tables.endpoint },
    },
    { region: tables.config.region, credentials: tables.config.credentials, log: silent },
  )

  return {
    ...{ synth, base, socket: `ws://127.0.0.1:${port}/ws`, operator, refused, made, gateway },
    token: jwt.token,
    invoke: (entry: EntryName, event: unknown) => call(entry)(event),
    logOf: (entry: EntryName) => workers.get(entry)?.log() ?? '',
    settled: () => Promise.all(background),
    async stop() {
      await gateway.close()
      await Promise.all([...workers.values()].map((worker) => worker.stop()))
      server.closeAllConnections()
      server.close()
      await tables.close()
    },
  }
}
export type Cloud = Awaited<ReturnType<typeof startCloud>>

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const body = await readBody(request, 1_000_000)
  return body.kind === 'whole' ? Buffer.from(body.bytes) : Buffer.alloc(0)
}

const denied = (response: ServerResponse): void =>
  void response
    .writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' })
    .end('{"__type":"AccessDeniedException","message":"not in its role"}')

const forward = (
  endpoint: string,
  accessKeyId: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void => {
  const authorization = asCaller(request.headers.authorization, accessKeyId)
  const options = { method: 'POST', headers: { ...request.headers, authorization } }
  httpRequest(endpoint, options, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(response)
  }).end(body)
}

/** The logical ids of the two tables, by the names they have here. */
const tableIds = ({ template }: RealSynth): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(resources(template, 'AWS::DynamoDB::Table')).map((id) => [
      id.startsWith('Live') ? 'live' : 'directory',
      id,
    ]),
  )

/** What the template's references stand for here; a Lambda's name is its logical id. */
const knownNames = ({ template, lambdas }: RealSynth, ids: Readonly<Record<string, string>>) => ({
  ...Object.fromEntries(Object.entries(ids).map(([name, id]) => [id, name])),
  ...Object.fromEntries(lambdas.map(({ logicalId }) => [logicalId, logicalId])),
  ...Object.fromEntries(
    Object.keys(resources(template, 'AWS::CloudFront::Distribution')).map((id) => [
      `${id}.DomainName`,
      new URL(pageOrigin).host,
    ]),
  ),
})

const isForAccounts = ({ headers }: IncomingMessage): boolean =>
  String(headers['x-amz-target']).startsWith('AWSCognitoIdentityProviderService.')

const userPoolOf = ({ template }: RealSynth): string =>
  Object.keys(resources(template, 'AWS::Cognito::UserPool'))[0] ?? ''

const socketArn = ({ template }: RealSynth, method: string): string => {
  const [api] = Object.entries(resources(template, 'AWS::ApiGatewayV2::Api')).find(
    ([, { Properties }]) => Properties['ProtocolType'] === 'WEBSOCKET',
  ) ?? ['']
  const account = 'arn:aws:execute-api:eu-central-1:<AWS::AccountId>'
  return `${account}:<${api}>/ws/${method}/@connections/any`
}

/** Signs tokens as Cognito does: `client_id` in the place of `aud`. */
const testIssuer = async ({ template }: RealSynth) => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const [authorizer] = Object.values(resources(template, 'AWS::ApiGatewayV2::Authorizer')).filter(
    ({ Properties }) => Properties['AuthorizerType'] === 'JWT',
  )
  const { Issuer, Audience } = authorizer?.Properties['JwtConfiguration'] as {
    Issuer: unknown
    Audience: unknown[]
  }
  const issuer = flat(Issuer)
  const audience = Audience.map((one) => flat(one))
  const key = await importJWK(await exportJWK(publicKey), 'RS256')
  return {
    configuration: { issuer, audience, keys: async () => key as CryptoKey },
    token: (claims: Readonly<Record<string, unknown>>, scope = 'openid fluxrelay/watch') =>
      new SignJWT({ client_id: audience[0], scope, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'test' })
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
  }
}
