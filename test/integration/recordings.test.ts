import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configSchema } from '../../agent/config/config-schema.ts'
import { toPrinterState } from '../../agent/mapping/to-printer-state.ts'
import { runAgent } from '../../agent/run-agent.ts'
import { wsDial } from '../../agent/uplink/ws-dial.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import { sha256 } from '../../functions/relay/hash.ts'
import { lastAnswers, playRecording } from '../../local/octoprint/recording-player.ts'
import { loadRecording, recordingNames } from '../../local/octoprint/recording.ts'
import { createVirtualOctoPrint } from '../../local/octoprint/virtual-octoprint.ts'
import { sameState } from '../support/same-state.ts'
import { readingsOf } from '../agent/support/readings-of.ts'
import { fastClock } from '../support/fast-clock.ts'
import {
  connectClient,
  demoToken,
  silent,
  startTestRelay,
  viewWhere,
  type TestRelay,
} from '../support/relay.ts'

/** The agent's ms that pass in one real one. */
const speed = 25
/** Recorded ms that pass with each request: the recording moves as fast as it is read. */
const msPerRequest = 2000

let relay: TestRelay
let client: RelayClient

beforeAll(async () => {
  relay = await startTestRelay({ agent: false })
  client = connectClient(relay.origin, await demoToken(relay.origin))
  client.start()
})
afterAll(async () => {
  client.stop()
  await relay.remove()
})

/** An agent of its own for a virtual OctoPrint that plays a recording; answers how to stop both. */
const replay = async (name: string) => {
  const recording = loadRecording(name)
  let served = 0
  const octoPrint = createVirtualOctoPrint({
    scenario: playRecording(recording),
    now: () => served * msPerRequest,
  })
  await octoPrint.listen()
  const played = async () => {
    for (; served * msPerRequest < recording.durationMs; served += 1)
      await Promise.race([
        octoPrint.requests.next('/api/job'),
        octoPrint.requests.next('/api/printer'),
      ])
  }
  const printerId = `rec-${randomBytes(4).toString('hex')}`
  const token = `frp_${printerId}_${randomBytes(32).toString('base64url')}`
  const tokenHash = sha256(token)
  await relay.relay.provisionPrinter({ siteId: relay.home.siteId, printerId, name, tokenHash })
  const clock = fastClock(speed)
  const url = `${relay.internal.replace('http', 'ws')}/ws`
  const config = configSchema.parse({
    relay: { url, token },
    octoprint: { url: octoPrint.url, apiKey: octoPrint.key },
    intervals: {},
    log: {},
  })
  const stop = new AbortController()
  const dial = wsDial({ url, token, clock })
  const { signal } = stop
  const done = runAgent(config, { clock, random: Math.random, fetch, dial, log: silent, signal })
  const end = async () => {
    stop.abort()
    await done
    await octoPrint.close()
  }
  return { recording, played, printerId, end }
}

describe('a recording, replayed to its end through agent, relay and client', () => {
  it.concurrent.each(recordingNames())(
    'ends in the mapping of the last answers: %s',
    async (name) => {
      const { recording, played, printerId, end } = await replay(name)
      const watching = client.watch(printerId)
      await played()
      const expected = toPrinterState(readingsOf(lastAnswers(recording), recording.octoprint))
      const state = await viewWhere(client, ({ printers }) => {
        const held = printers[printerId]?.state
        return held && sameState(held, expected) ? held : undefined
      })
      expect(state).toEqual(expected)
      watching.unwatch()
      await end()
    },
    60_000,
  )
})
