import { afterAll, beforeAll, expect, it } from 'vitest'
import { mutations } from './mutations.ts'
import { reportOf } from './report.ts'
import { runSeed } from './run-seed.ts'
import { firstFailure, optionsOf, range } from './seeds.ts'
import { shrink } from './shrink.ts'
import { socketGateway } from './socket-gateway.ts'
import { socketServer, type SocketServer } from './socket-server.ts'

// A few; `.ci/run` runs 100.

let server: SocketServer
beforeAll(async () => {
  server = await socketServer()
})
afterAll(() => server.close())

it.each([...range(1000, 4)])(
  'keeps every property over the socket emulator (seed %i)',
  async (seed) => {
    const options = optionsOf(seed, { minutes: 1, gateway: socketGateway(server) })
    const outcome = await runSeed(options)
    if (!outcome.violation) return
    const command = `npm run chaos -- --seed ${seed} --minutes 1 --gateway sockets`
    expect.fail(reportOf(await shrink(options, outcome), command, 60))
  },
  90_000,
)

it('does the same again from the same seed, sockets or not', async () => {
  const options = optionsOf(1003, { minutes: 1, gateway: socketGateway(server) })
  const first = await runSeed(options)
  expect((await runSeed(options)).hash).toBe(first.hash)
  expect(first.faults.size).toBeGreaterThan(0)
}, 90_000)

it('notices over sockets what breaks the scheme', async () => {
  const mutation = mutations['conditions are judged before the write']
  const outcome = await firstFailure(range(3, 20), { mutation, gateway: socketGateway(server) })
  expect(outcome?.violation?.property).toBeDefined()
}, 90_000)
