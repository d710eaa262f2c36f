import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { httpRoutes } from '../../functions/routes.ts'
import { manualScenario } from '../../local/octoprint/manual-scenario.ts'
import { readPaths, type Answer, type ReadPath } from '../../local/octoprint/scenario.ts'
import { syntheticPrint } from '../../local/octoprint/synthetic-print.ts'
import { createVirtualOctoPrint } from '../../local/octoprint/virtual-octoprint.ts'
import { basicState } from '../../protocol/basic-view.ts'
import { relayToViewer } from '../../protocol/relay-to-viewer.ts'
import { keptLog } from '../agent/support/kept-log.ts'
import type { Client } from '../local/gateway/client.ts'
import { runTestAgent } from '../support/honest-pair.ts'
import { startTestRelay, type TestRelay } from '../support/relay.ts'
import { tokenMaker, type TokenMaker } from './people.ts'
import { connected, nextOf } from './sockets.ts'
import { ask, credentialsOf, makeTenant, type Tenant } from './tenant.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Planted where secrets may lie; it must come out nowhere. */
const canary = `canary${randomBytes(12).toString('hex')}`
const fileName = `private-${randomBytes(6).toString('hex')}.gcode`
const user = `user-${randomBytes(6).toString('hex')}`

const relayLog = keptLog()
const agentLog = keptLog()
let relay: TestRelay
let token: TokenMaker
let tenant: Tenant
let theirs: Tenant
const initial = syntheticPrint({ seed: 1 }).at(60_000)
const scenario = manualScenario({ initial, now: () => performance.now() })
const octoPrint = createVirtualOctoPrint({ scenario, key: canary })
let stopAgent: () => Promise<void> = async () => undefined

/** Secrets in fields that OctoPrint's answers do not have, or that nobody needs. */
const plant = ({ status, body }: Answer): Answer => ({
  status,
  body: {
    ...(body as object),
    ...{ password: canary, apikey: canary, nested: { secret: canary, list: [canary] } },
    ...{ options: { ports: [canary], printerProfiles: [{ id: canary, name: canary }] } },
  },
})

const plantJob = ({ status, body }: Answer): Answer => {
  const { job, ...rest } = body as { job: { file: object } }
  const refs = { download: `http://somebody:${canary}@octopi.local/${canary}` }
  const file = { ...job.file, name: fileName, display: fileName, path: `a/${fileName}`, refs }
  return { status, body: { ...rest, job: { ...job, file, user, [canary]: canary } } }
}

beforeAll(async () => {
  for (const path of readPaths) scenario.update(path, plant)
  scenario.update('/api/job', plantJob)
  await octoPrint.listen()
  relay = await startTestRelay({ agent: false, log: relayLog })
  token = await tokenMaker(relay)
  tenant = await makeTenant(relay.relay)
  theirs = await makeTenant(relay.relay)
  const options = { token: tenant.agentToken, octoPrint, log: agentLog, speed: 4 }
  stopAgent = runTestAgent(relay, options)
})
afterAll(async () => {
  await stopAgent()
  await octoPrint.close()
  await relay.remove()
})

const watch = async (role: 'owner' | 'guest' | 'basicGuest') => {
  const client = await connected(relay, role, tenant, theirs)
  const heard: string[] = []
  client.socket.on('message', (data: Buffer) => heard.push(data.toString()))
  client.say({ action: 'subscribe', printerId: tenant.printerId, rid: 1 })
  await nextOf(client, ['subscribed'])
  return { client, heard }
}

/** Resolves with the state that shows this temperature of the tool. */
const stateWith = async (client: Client, actual: number): Promise<void> => {
  for (;;)
    if (JSON.stringify(await nextOf(client, ['state'])).includes(`"tool0.actual":${actual}`)) return
}

const setTool = (actual: number) =>
  scenario.update('/api/printer', ({ status, body }) => {
    const { temperature, ...rest } = body as { temperature: Record<string, object> }
    const tool0 = { ...temperature['tool0'], actual, target: 0 }
    return { status, body: { ...rest, temperature: { ...temperature, tool0 } } }
  })

const secrets = (): string[] => [
  canary,
  ...[tenant, theirs].flatMap(({ agentToken, shares, guestTokens }) => [
    agentToken,
    ...Object.values(shares).map(({ secret }) => secret),
    ...Object.values(guestTokens),
  ]),
]
const leaksIn = (text: string) => secrets().filter((secret) => text.includes(secret))

const oddAnswers: readonly (readonly [ReadPath, unknown, number])[] = [
  ['/api/job', canary, 500],
  ['/api/job', `<html>${canary}</html>`, 200],
  ['/api/printer', { error: canary }, 403],
]

it('a planted secret comes out in no frame, answer, log or error; basic shows its list alone', async () => {
  const [owner, guest, basic] = [
    await watch('owner'),
    await watch('guest'),
    await watch('basicGuest'),
  ]
  for (const actual of [81.5, 82.5]) {
    setTool(actual)
    for (const { client } of [owner, guest, basic]) await stateWith(client, actual)
  }
  for (const [path, body, status] of oddAnswers) {
    const before = scenario.current()[path]
    scenario.set(path, body, status)
    await octoPrint.requests.next(path)
    await octoPrint.requests.next(path)
    scenario.set(path, before.body, before.status)
  }
  setTool(83.5)
  for (const { client } of [owner, guest, basic]) await stateWith(client, 83.5)
  owner.client.say({ action: 'subscribe', printerId: 'nobody', rid: 1 })
  owner.client.say('{not json')

  const credentials = await credentialsOf(token, tenant, theirs)
  const answers: string[] = []
  for (const { method, path, access } of httpRoutes)
    for (const role of ['nobody', 'owner', 'guest', 'basicGuest', 'agent'] as const) {
      if (access === 'secret') continue
      const id = path.includes('/sites/') ? tenant.siteId : tenant.printerId
      const asked = { method, path: path.replace('{id}', id), credential: credentials[role] }
      // Bodies that no route takes: each answers with its error.
      const body = method === 'POST' && !path.includes('tickets') ? { body: [canary] } : {}
      if (!path.endsWith('/leave') && !path.endsWith('/remove') && !path.endsWith('/end'))
        answers.push((await ask(relay, { ...asked, ...body })).text)
    }

  expect(owner.heard.join()).toContain(fileName)
  expect(guest.heard.join()).toContain(fileName)
  const places = { answers, owner: owner.heard, guest: guest.heard, basic: basic.heard }
  for (const [place, texts] of Object.entries(places))
    expect([place, leaksIn(texts.join('\n'))]).toEqual([place, []])
  for (const log of [relayLog, agentLog]) expect(leaksIn(JSON.stringify(log.lines))).toEqual([])

  const basicText = basic.heard.join('\n')
  expect([fileName, user, 'a/'].filter((text) => basicText.includes(text))).toEqual([])
  for (const text of basic.heard) {
    const frame = relayToViewer.parse(JSON.parse(text))
    if (frame.type === 'state' && frame.kind !== 'delta')
      expect(frame.full).toEqual(basicState(frame.full))
  }
  for (const { client } of [owner, guest, basic]) client.socket.terminate()
})
