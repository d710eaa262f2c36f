import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema } from '../agent/config/config-schema.ts'
import { runAgent } from '../agent/run-agent.ts'
import { wsDial } from '../agent/uplink/ws-dial.ts'
import { createVirtualOctoPrint } from '../local/octoprint/virtual-octoprint.ts'
import { readOptions } from '../local/run/options.ts'
import { defaultLog, start } from '../local/run/start.ts'
import { fastClock } from '../test/support/fast-clock.ts'
import { markedJob } from './marked-job.ts'
import { createTrace, traceRelay, tracedDial } from './trace.ts'

/** The agent publishes at most once in this time (ms) of its own clock. */
export const agentTick = 1000
const anHour = 3_600_000

/**
 * The one-machine run as `npm start` lays it out: gateway, tables, issuer, relay, agent and virtual
 * OctoPrint in this process. The agent's clock runs so fast that its tick takes `pace` ms: its
 * waits shrink, its work does not.
 */
export const startMeasured = async (pace: number) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fluxrelay-bench-'))
  const log = defaultLog('error')
  const options = readOptions(['--port', '0', '--data', dataDir], {})
  const running = await start(options, { log, scenario: undefined, agent: false })
  const trace = createTrace()
  traceRelay(running.relay, trace)
  const job = markedJob((value, at) => trace.note(value, 'answered', at))
  const octoPrint = createVirtualOctoPrint({ scenario: job })
  await octoPrint.listen()
  const clock = fastClock(agentTick / pace)
  const token = running.home.agentToken
  const url = `${running.internal.replace('http', 'ws')}/ws`
  const config = configSchema.parse({
    // It must not fall idle while the bench measures what nobody watches.
    relay: { url, token, lowerAfter: anHour },
    octoprint: { url: octoPrint.url, apiKey: octoPrint.key },
    intervals: {},
    log: {},
  })
  const stopped = new AbortController()
  const dial = tracedDial(wsDial({ url, token, clock }), trace)
  const { signal } = stopped
  const agent = runAgent(config, { clock, random: Math.random, fetch, dial, log, signal })
  const stop = async () => {
    stopped.abort()
    await agent
    await octoPrint.close()
    await running.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { ...running, job, octoPrint, trace, stop }
}
export type Measured = Awaited<ReturnType<typeof startMeasured>>
