import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { everywhere } from '../../local/octoprint/faults.ts'
import { lastAnswers, playRecording } from '../../local/octoprint/recording-player.ts'
import { loadRecording } from '../../local/octoprint/recording.ts'
import { stepRecording } from '../../local/octoprint/recording-stepper.ts'
import { agentToRelay, type AgentToRelay } from '../../protocol/agent-to-relay.ts'
import { emptyReplica, receive } from '../../protocol/replica.ts'
import { readConfig } from '../../agent/config/read-config.ts'
import { toPrinterState } from '../../agent/mapping/to-printer-state.ts'
import type { Log } from '../../agent/log.ts'
import { makeLog } from '../../agent/make-log.ts'
import { runAgent } from '../../agent/run-agent.ts'
import type { Dial } from '../../agent/uplink/dial.ts'
import { wsDial } from '../../agent/uplink/ws-dial.ts'
import { running } from '../local/octoprint/running.ts'
import { fakeRelay } from './support/fake-relay.ts'
import { handClock, settle, type HandClock } from './support/hand-clock.ts'
import { keptLog } from './support/kept-log.ts'
import { readingsOf } from './support/readings-of.ts'

const secret = 'CANARYcanaryCANARYcanaryCANARYcanaryCANARY0'
const token = `frp_p-1_${secret}`
const configOf = (octoprint: string, apiKey: string, relay = 'ws://127.0.0.1:9/') =>
  readConfig({
    flags: { relay, token, octoprint, apiKey },
    env: { FLUXRELAY_LOG_LEVEL: 'debug' },
    file: undefined,
  }).config

interface Rig {
  readonly clock: HandClock
  readonly dial: Dial
  readonly log: Log
  readonly fetch: typeof fetch
}

let random = 0.1
/** Rises, so that each agent has a name of its own. */
const rising = () => (random = (random * 7.31 + 0.17) % 1)

const start = (config: ReturnType<typeof configOf>, rig: Rig) => {
  const stop = new AbortController()
  const done = runAgent(config, { ...rig, random: rising, signal: stop.signal })
  onTestFinished(async () => {
    stop.abort()
    await done
  })
  return { stop, done }
}

/** Answers of a recording without a network, so that the whole agent runs in virtual time. */
const fetchOf = (answers: () => ReturnType<typeof lastAnswers>, version: string): typeof fetch =>
  (async (url: string) => {
    const path = new URL(url).pathname
    if (path === '/api/version') return Response.json({ server: version })
    const answer = Object.entries(answers()).find(([known]) => known === path)?.[1]
    return Response.json(answer?.body ?? {}, { status: answer?.status ?? 200 })
  }) as typeof fetch

it.each(['print-complete', 'disconnect-reconnect', 'print-complete-2.0.0rc3'])(
  'brings a receiver to the last state of %s, in virtual time',
  async (name) => {
    const recording = loadRecording(name)
    const stepper = stepRecording(recording)
    const relay = fakeRelay()
    const clock = handClock()
    const fetching = fetchOf(() => stepper.current(), recording.octoprint)
    start(configOf('http://octoprint', 'key'), {
      clock,
      dial: relay.dial,
      log: keptLog(),
      fetch: fetching,
    })
    const link = relay.link(0)
    link.open()
    let replica = emptyReplica
    let seen = 0
    const begun = clock.monotonic()
    for (let passed = 0; passed <= recording.durationMs + 62_000; passed += 1000) {
      stepper.goTo(clock.monotonic() - begun)
      await clock.advance(1000)
      for (; seen < link.frames.length; seen++) {
        const frame = link.frames[seen] as AgentToRelay
        const { seq } = frame
        const at = { gen: '0000000000001#c', seq, k: seq } as const
        if (frame.action === 'hello')
          replica = receive(replica, { ...at, full: frame.state }).replica
        else if (frame.full) replica = receive(replica, { ...at, full: frame.full }).replica
        else
          replica = receive(replica, { ...at, k: frame.k ?? 0, patch: frame.patch ?? {} }).replica
      }
      link.answer()
    }
    expect(replica.held?.state).toEqual(
      toPrinterState(readingsOf(lastAnswers(recording), recording.octoprint)),
    )
  },
)

// §10: "the laptop sleeps". Linux stops the monotonic clock meanwhile: only the wall's went on.
it('dials anew within half a minute of a sleep that its connection did not outlive', async () => {
  const recording = loadRecording('idle-heat-cool')
  const relay = fakeRelay()
  const clock = handClock()
  let asleep = 0
  start(configOf('http://octoprint', 'key'), {
    clock: { ...clock, now: () => clock.now() + asleep },
    dial: relay.dial,
    log: keptLog(),
    fetch: fetchOf(() => lastAnswers(recording), recording.octoprint),
  })
  relay.link(0).open()
  for (let passed = 0; passed < 120_000; passed += 1000) {
    await clock.advance(1000)
    relay.link(0).answer(0)
  }
  asleep = 3_600_000
  await clock.advance(30_000)
  expect(relay.links).toHaveLength(2)
})

// §10: "OctoPrint restarts, hangs, sends odd data: the viewer sees what is known; it recovers alone"
it('tells of an OctoPrint that goes and comes back', async () => {
  const octoprint = await running({ scenario: playRecording(loadRecording('idle-heat-cool')) })
  const relay = fakeRelay()
  const clock = handClock()
  const log = keptLog()
  start(configOf(octoprint.url, octoprint.key), { clock, dial: relay.dial, log, fetch })
  relay.link(0).open()
  relay.link(0).answer()
  const until = async (octoPrint: string) => {
    for (let n = 0; n < 600; n++) {
      await clock.advance(100)
      // The requests run in real time: each answer is waited for by turns of the event loop.
      for (let turn = 0; turn < 20; turn++) await settle()
      relay.link(0).answer()
      if (log.lines.some(({ fields }) => fields['octoprint'] === octoPrint)) return
    }
    throw new RangeError(`never ${octoPrint}`)
  }
  await until('ok')
  await octoprint.goDown()
  await until('restarting')
  log.lines.length = 0
  await octoprint.comeBack()
  await until('ok')
  octoprint.faults.set(everywhere, { kind: 'status', status: 500 })
  await until('server_error')
  expect(octoprint.requests.control).toBe(0)
})

it('keeps token and key out of the log, whatever goes wrong', async () => {
  const octoprint = await running({ key: secret })
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  const text: string[] = []
  const out = new Writable({
    write: (chunk, _, done) => {
      text.push(String(chunk))
      done()
    },
  })
  const clock = handClock()
  const relay = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const config = configOf(octoprint.url, secret, relay)
  const log = makeLog('debug', out)
  const connected = once(sockets, 'connection') as Promise<[WebSocket]>
  const { stop, done } = start(config, {
    clock,
    dial: wsDial({ ...config.relay, clock }),
    log,
    fetch,
  })
  const [socket] = await connected
  const hello = agentToRelay.parse(JSON.parse(String((await once(socket, 'message'))[0])))
  expect(hello).toMatchObject({ action: 'hello', fresh: true })
  expect(JSON.stringify(hello)).not.toContain(secret)
  socket.send(JSON.stringify({ type: 'nonsense', token }))
  octoprint.revoke()
  for (let n = 0; n < 20; n++) await clock.advance(500)
  const closed = once(socket, 'close')
  socket.send(JSON.stringify({ type: 'closing', reason: 'token_revoked' }))
  await closed
  log.warn({ token: secret, config, nested: { apiKey: secret } }, 'by mistake')
  stop.abort()
  await done
  expect(text.join('')).toContain('by mistake')
  expect(text.join('')).toContain('the agent stopped')
  expect(text.join('')).not.toContain(secret)
})
