import { randomBytes } from 'node:crypto'
import { configSchema } from '../../agent/config/config-schema.ts'
import type { Log } from '../../agent/log.ts'
import { runAgent } from '../../agent/run-agent.ts'
import { wsDial } from '../../agent/uplink/ws-dial.ts'
import { sha256 } from '../../functions/relay/hash.ts'
import { manualScenario } from '../../local/octoprint/manual-scenario.ts'
import { syntheticPrint } from '../../local/octoprint/synthetic-print.ts'
import { createVirtualOctoPrint } from '../../local/octoprint/virtual-octoprint.ts'
import { fastClock } from './fast-clock.ts'
import type { TestRelay } from './relay.ts'

/** A printer of its own on a relay: its id, and the token of its agents. */
export const addPrinter = async ({ relay, home }: TestRelay) => {
  const printerId = `test-${randomBytes(4).toString('hex')}`
  const token = `frp_${printerId}_${randomBytes(32).toString('base64url')}`
  const tokenHash = sha256(token)
  await relay.provisionPrinter({ siteId: home.siteId, printerId, name: printerId, tokenHash })
  return { printerId, token }
}

/** A virtual OctoPrint whose tool has the temperature that was set last, °C. */
export const manualOctoPrint = async () => {
  const initial = syntheticPrint({ seed: 1 }).at(60_000)
  const scenario = manualScenario({ initial, now: () => performance.now() })
  const octoPrint = createVirtualOctoPrint({ scenario })
  await octoPrint.listen()
  const setTool = (actual: number): void => {
    scenario.update('/api/printer', ({ status, body }) => {
      const { temperature, ...rest } = body as { temperature: Record<string, object> }
      const tool0 = { ...temperature['tool0'], actual, target: 0 }
      return { status, body: { ...rest, temperature: { ...temperature, tool0 } } }
    })
  }
  setTool(20)
  return { octoPrint, scenario, setTool }
}
export type ManualOctoPrint = Awaited<ReturnType<typeof manualOctoPrint>>

interface AgentOptions {
  readonly token: string
  readonly octoPrint: { readonly url: string; readonly key: string }
  readonly log: Log
  /** The agent's ms that pass in one real one. */
  readonly speed: number
  /** The time (agent's ms) after the last viewer until it is idle. */
  readonly lowerAfter?: number
  /** How often (agent's ms) it reads all it reads. */
  readonly every?: number
}

/** The real agent on the relay's real socket. Answers how to stop it. */
export const runTestAgent = (relay: TestRelay, options: AgentOptions) => {
  const { token, octoPrint, log, speed, lowerAfter, every } = options
  const intervals =
    every === undefined ? {} : { status: every, temperature: every, progress: every }
  const clock = fastClock(speed)
  const url = `${relay.internal.replace('http', 'ws')}/ws`
  const config = configSchema.parse({
    relay: { url, token, ...(lowerAfter !== undefined && { lowerAfter }) },
    octoprint: { url: octoPrint.url, apiKey: octoPrint.key },
    intervals,
    log: {},
  })
  const stop = new AbortController()
  const dial = wsDial({ url, token, clock })
  const { signal } = stop
  const done = runAgent(config, { clock, random: Math.random, fetch, dial, log, signal })
  return async (): Promise<void> => {
    stop.abort()
    await done
  }
}
