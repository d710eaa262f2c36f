import pino from 'pino'
import { logOut } from '../../agent/log-out.ts'
import { relayFromEnv } from '../../functions/relay-from-env.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import type { Log } from '../../functions/relay/ports.ts'
import { deployment } from '../../functions/deployment.ts'
import { createGateway, gatewayDefaults, type Gateway } from '../gateway/gateway.ts'
import type { Invocation } from '../gateway/invoke.ts'
import { createHttpApi, httpApiDefaults } from '../http-api/http-api.ts'
import { createIssuer, type Issuer } from '../issuer/create-issuer.ts'
import type { Scenario } from '../octoprint/scenario.ts'
import { embeddedDynamo, type EmbeddedDynamo } from '../tables/embedded-dynamo.ts'
import { defaultLatenessMs, sweep } from '../tables/sweeper.ts'
import { accountsEveryMs } from './account-grants.ts'
import { builtInAgent } from './built-in-agent.ts'
import { apiRoutes, gatewayHandlers } from './entries.ts'
import { certificateEveryMs } from './certificate.ts'
import { createFront, type Handle, type Upgrade } from './front.ts'
import { highestConnectedAt } from './highest-generation.ts'
import { foldersIn, openHome, type Home } from './home.ts'
import { issuerAccounts } from './issuer-accounts.ts'
import { jwtKeys } from './jwt-keys.ts'
import { listen } from './listen.ts'
import { prometheusMetrics } from './metrics.ts'
import type { Options } from './options.ts'
import { pages } from './pages.ts'
import { printerSource } from './printer-source.ts'
import { provision } from './provision.ts'
import { every } from './sleep.ts'
import { createTeardown, type Teardown } from './teardown.ts'

/** What a test puts in the place of the usual. */
export interface StartDeps {
  readonly log: Log
  /** What the virtual OctoPrint plays instead of the endless print. */
  readonly scenario: Scenario | undefined
  /** Whether the agent runs in this process; a test may run its own. */
  readonly agent: boolean
}

export interface Running {
  /** The one address to open. */
  readonly origin: string
  /** What only this machine can reach: management, metrics, and the agent's way in. */
  readonly internal: string
  readonly home: Home
  readonly gateway: Gateway
  readonly tables: EmbeddedDynamo
  readonly relay: Relay
  stop(): Promise<void>
}

const stage = 'ws'
const sweepEveryMs = 60_000

export const defaultLog = (level: string): Log =>
  pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, logOut(2))

/** Starts everything; what fails ends what had begun, and is thrown as one of the typed errors. */
export const start = async (options: Options, deps: StartDeps): Promise<Running> => {
  const { log } = deps
  const failed = (error: unknown) => log.error({ error: String(error) }, 'a part failed')
  const teardown = createTeardown(failed)
  try {
    return await startParts(options, deps, teardown, failed)
  } catch (error) {
    await teardown.run()
    throw error
  }
}

const startParts = async (
  options: Options,
  { log, scenario, agent }: StartDeps,
  teardown: Teardown,
  failed: (error: unknown) => void,
): Promise<Running> => {
  const folders = foldersIn(options.dataDir)
  const tables = await embeddedDynamo({ folder: folders.tables })
  teardown.add(() => tables.close())
  // Only now: of two first starts at once, the one that did not get the folder must not name it.
  const home = await openHome(options.dataDir)
  const main = await listen(options.host, options.port, options.tls)
  teardown.add(main.close)
  const inner = await listen('127.0.0.1', 0, undefined)
  teardown.add(inner.close)
  const internal = `http://127.0.0.1:${inner.port}`
  const origin = options.port === 0 ? withPort(options.origin, main.port) : options.origin

  const issuer = await createIssuer({
    issuerUrl: `${origin}/oidc`,
    dataDir: folders.issuer,
    demoAccount: options.loopback,
    redirectUris: [`${origin}/`],
    postLogoutRedirectUris: [`${origin}/`],
    onError: failed,
  })
  teardown.add(() => issuer.close())

  const connections = { count: () => 0 }
  const { metrics, handle: handleMetrics } = prometheusMetrics({
    connections: () => connections.count(),
  })
  const { credentials, region } = tables.config
  const relay = relayFromEnv(
    {
      LIVE_TABLE: tables.tables.live,
      DIRECTORY_TABLE: tables.tables.directory,
      GATEWAY_ENDPOINT: `${internal}/${stage}`,
      DYNAMODB_ENDPOINT: tables.endpoint,
      ALLOWED_ORIGINS: origin,
    },
    { region, credentials, log, metrics, accounts: issuerAccounts(issuer) },
  )
  const source = await printerSource(options.octoPrint, scenario)
  teardown.add(() => source.close())
  const followAccounts = await provision(relay, {
    ...{ home, printerName: source.name, loopback: options.loopback, issuerDir: folders.issuer },
  })

  const gateway = createGateway({
    ...gatewayDefaults(),
    stage,
    handlers: gatewayHandlers(relay),
    accessKeyId: credentials.accessKeyId,
    connectedAtFloor: await highestConnectedAt(tables.client, tables.tables.live),
    observe: tellFailures(log),
  })
  teardown.add(() => gateway.close())
  connections.count = () => gateway.stats.connections

  let ready = false
  const upgrade: Upgrade = (request, socket, head) => gateway.handleUpgrade(request, socket, head)
  const front = createFront(origin, {
    ...(await pages({ origin, stage, issuer, outDir: folders.viewer })),
    issuer: (request, response) => issuer.handle(request, response),
    httpApi: httpApi(origin, issuer, relay),
    metrics: options.loopback ? handleMetrics : undefined,
    socket: (request, response) => gateway.handleManagement(request, response),
    upgrade,
    ready: () => ready,
    failed,
  })
  main.server.on('request', (request, response) => void front.request(request, response))
  main.server.on('upgrade', front.upgrade)
  inner.server.on('upgrade', upgrade)
  inner.server.on('request', (request, response) =>
    request.url === '/metrics'
      ? void handleMetrics(request, response).catch(failed)
      : gateway.handleManagement(request, response),
  )

  if (agent) {
    const socket = `ws://127.0.0.1:${inner.port}/${stage}`
    const stop = builtInAgent({
      ...{ socket, token: home.agentToken, octoPrint: source, folder: folders.agent, log },
    })
    teardown.add(stop)
  }
  teardown.add(every(deployment.watchdogEveryMs, () => relay.watch(), failed))
  teardown.add(every(accountsEveryMs, followAccounts, failed))
  teardown.add(every(certificateEveryMs, main.renewCertificate, failed))
  teardown.add(every(sweepEveryMs, () => sweepBoth(tables), failed))
  ready = true
  const stop = () => teardown.run()
  return { origin, internal, home, gateway, tables, relay, stop }
}

/** A refused handshake is thrown by the authorizer, as the gateway asks; it is no fault. */
const tellFailures =
  (log: Log) =>
  ({ route, outcome, error }: Invocation): void => {
    if (outcome === 'answered' || (error instanceof Error && error.message === 'Unauthorized'))
      return
    log.error({ route, outcome, error: String(error) }, 'a handler failed')
  }

const withPort = (origin: string, port: number): string => {
  const url = new URL(origin)
  url.port = String(port)
  return url.origin
}

const sweepBoth = async ({ client, tables }: EmbeddedDynamo): Promise<void> => {
  for (const tableName of Object.values(tables))
    await sweep({ client, tableName, now: Date.now, latenessMs: defaultLatenessMs })
}

/** The cloud takes bodies of 10 MB. Here each stays in this one process while it comes, and none of ours has 5 KB. */
const bodyBytes = 64 * 1024

const httpApi = (origin: string, issuer: Issuer, relay: Relay): Handle => {
  const defaults = httpApiDefaults()
  const api = createHttpApi({
    ...defaults,
    limits: { ...defaults.limits, requestBytes: bodyBytes },
    routes: apiRoutes(relay, issuer.scope),
    jwt: {
      issuer: `${origin}/oidc`,
      audience: [issuer.audience],
      keys: jwtKeys(issuer),
    },
    cors: {
      allowOrigins: [origin],
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['authorization', 'content-type', 'if-none-match'],
      exposeHeaders: ['etag', 'retry-after'],
      maxAgeSeconds: 600,
      allowCredentials: false,
    },
  })
  return (request, response) => api.handle(request, response)
}
