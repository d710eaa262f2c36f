import { afterAll, beforeAll, expect, it } from 'vitest'
import { findFile } from '../../agent/config/find-file.ts'
import { readConfig } from '../../agent/config/read-config.ts'
import { runAgent } from '../../agent/run-agent.ts'
import { systemClock } from '../../agent/system-clock.ts'
import { wsDial } from '../../agent/uplink/ws-dial.ts'
import { pairWorld } from '../agent/support/pair-world.ts'
import { connectClient, demoToken, silent, startTestRelay, viewWhere } from '../support/relay.ts'
import type { TestRelay } from '../support/relay.ts'

let relay: TestRelay
let token: string
beforeAll(async () => {
  relay = await startTestRelay({ agent: false })
  token = await demoToken(relay.origin)
})
afterAll(() => relay.remove())

const post = async (path: string, body: object): Promise<{ code: string }> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const request = { method: 'POST', headers, body: JSON.stringify(body) }
  const response = await fetch(`${relay.origin}${path}`, request)
  expect(response.status).toBe(200)
  return (await response.json()) as { code: string }
}

/** The agent as `pair` left it; answers how to stop it. */
const runPaired = (usual: Parameters<typeof findFile>[1]) => {
  const { config } = readConfig({ flags: {}, env: {}, file: findFile(undefined, usual) })
  const stop = new AbortController()
  const done = runAgent(config, {
    clock: systemClock,
    random: Math.random,
    fetch,
    dial: wsDial({ ...config.relay, clock: systemClock }),
    log: silent,
    signal: stop.signal,
  })
  return async () => {
    stop.abort()
    await done
  }
}

it('an owner’s code makes an agent whose printer the owner then sees at work', async () => {
  const world = await pairWorld()
  const name = 'Принтер im Schuppen'
  const { code } = await post(`/v1/sites/${relay.home.siteId}/pairing`, { name })
  const wish = { address: `${relay.origin}/#/printers/x`, code }
  const paired = await world.pair({ wish })
  expect(paired).toMatchObject({ works: true, message: undefined, leaked: [] })
  expect(paired.said).toContain(`Paired with "${name}"`)
  expect(paired.said).not.toContain(code)

  const stop = runPaired(world.usual)
  const client = connectClient(relay.origin, token)
  client.start()
  const { printers } = await client.printers()
  const id = printers.find((one) => one.name === name)?.id ?? ''
  client.watch(id)
  const state = await viewWhere(client, (view) => {
    const seen = view.printers[id]?.state
    return seen?.connection.octoprint === 'ok' ? seen : undefined
  })
  expect(state.temperature).toBeDefined()

  // Another token for the same printer, on a host that has settings already.
  const renewed = await post(`/v1/printers/${id}/pairing`, {})
  const again = await world.pair({ wish: { ...wish, code: renewed.code, force: true } })
  expect(again).toMatchObject({ works: true, message: undefined })
  expect(again.said).toContain('start it anew')
  client.stop()
  await stop()

  const used = await world.pair({ wish: { ...wish, code: renewed.code, force: true } })
  expect(used).toMatchObject({ code: 'wrong_code' })
})
