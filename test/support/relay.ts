import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { nodeDeps } from '../../client/node-socket.ts'
import { createRelayClient, type RelayClient } from '../../client/relay-client.ts'
import type { ClientDeps } from '../../client/deps.ts'
import { readOptions } from '../../local/run/options.ts'
import { start, type Running, type StartDeps } from '../../local/run/start.ts'
import { Browser, signInAsDemo } from '../local/issuer/support.ts'

export interface TestRelay extends Running {
  readonly dataDir: string
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

export const silent = pino({ level: 'silent' })

/** The whole one-machine run on a free port, in a folder of its own. */
export const startTestRelay = async (
  deps: Partial<StartDeps> = {},
  args: readonly string[] = [],
): Promise<TestRelay> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fluxrelay-relay-'))
  const options = readOptions(['--port', '0', '--data', dataDir, ...args], {})
  const running = await start(options, { log: silent, scenario: undefined, agent: true, ...deps })
  const remove = async () => {
    await running.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { ...running, dataDir, remove }
}

/** A signed-in access token of the demo account, by the way a browser takes. */
export const demoToken = async (origin: string): Promise<string> => {
  const issuer = { clientId: 'fluxrelay-viewer', scope: 'fluxrelay/watch' }
  const place = { issuer, issuerUrl: `${origin}/oidc`, callback: `${origin}/` }
  const { access_token: token } = await signInAsDemo(place, new Browser())
  return token
}

/** A client of the relay over real sockets, signed in. */
export const connectClient = (
  origin: string,
  token: string,
  overrides: Partial<ClientDeps> = {},
): RelayClient => {
  const config = { api: origin, socket: `${origin.replace(/^http/, 'ws')}/ws` }
  return createRelayClient({ ...nodeDeps(), config, token: async () => token, ...overrides })
}

/** Resolves with the first view that fits; the test's own time-out ends what never comes. */
export const viewWhere = <Found>(
  client: RelayClient,
  find: (view: ReturnType<RelayClient['state']>) => Found | undefined,
): Promise<Found> =>
  new Promise((resolve) => {
    const look = (view: ReturnType<RelayClient['state']>) => {
      const found = find(view)
      if (found === undefined) return
      unsubscribe()
      resolve(found)
    }
    const unsubscribe = client.subscribe(look)
    look(client.state())
  })
