import { expect, it } from 'vitest'
import { loadRecording, recordingNames } from '../../../local/octoprint/recording.ts'
import { answersAt } from '../../../local/octoprint/recording-player.ts'
import type { ReadPath } from '../../../local/octoprint/scenario.ts'
import { decodeColumn } from '../../../protocol/history-codec.ts'
import type { Publish } from '../../../protocol/publish.ts'
import { readConfig } from '../../../agent/config/read-config.ts'
import { runAgent } from '../../../agent/run-agent.ts'
import { MemoryFile } from '../disk/memory-file.ts'
import { fakeRelay } from '../support/fake-relay.ts'
import { handClock } from '../support/hand-clock.ts'
import { keptLog } from '../support/kept-log.ts'
import { toldOf, truthOf } from './recorded-truth.ts'

let random = 0.1
const rising = () => (random = (random * 7.31 + 0.17) % 1)

/** A relay that keeps what arrives and confirms it, and an OctoPrint that replays a recording. */
const house = (name: string) => {
  const recording = loadRecording(name)
  const clock = handClock()
  const begin = clock.monotonic()
  const files = new MemoryFile()
  const relay = fakeRelay()
  const marks: Record<string, number> = {}
  const log: ReturnType<typeof toldOf>[] = []
  const frames: Publish[] = []
  const fetch = ((url: string) => {
    const path = new URL(url).pathname
    if (path === '/api/version')
      return Promise.resolve(Response.json({ server: recording.octoprint }))
    const answer = answersAt(recording, clock.monotonic() - begin)[path as ReadPath]
    return Promise.resolve(Response.json(answer?.body ?? {}, { status: answer?.status ?? 404 }))
  }) as typeof globalThis.fetch
  const serve = () => {
    const link = relay.links.at(-1)
    for (const frame of link?.frames.splice(0) ?? []) {
      if (frame.action === 'publish') frames.push(frame)
      for (const { src, m, body } of (frame.action === 'publish' && frame.events) || []) {
        if (m !== (marks[src] ?? 0) + 1) continue
        marks[src] = m
        log.push(toldOf(body))
      }
      const type = frame.action === 'hello' ? 'welcome' : 'ack'
      link?.say({ type, seq: frame.seq, hwm: { ...marks }, viewers: 0, interval: 1000 })
    }
  }
  const start = () => {
    const stop = new AbortController()
    const flags = { relay: 'wss://relay/', token: `frp_p_${'x'.repeat(43)}` }
    const { config } = readConfig({
      flags: { ...flags, octoprint: 'http://octoprint', apiKey: 'key' },
      env: {},
      file: undefined,
    })
    const { dial } = relay
    const rig = {
      clock,
      dial,
      log: keptLog(),
      fetch,
      kept: { outbox: files, history: new MemoryFile() },
      random: rising,
    }
    const done = runAgent(config, { ...rig, signal: stop.signal })
    relay.links.at(-1)?.open()
    return async () => {
      stop.abort()
      await done
    }
  }
  const live = async (ms: number, serving = true) => {
    for (let passed = 0; passed < ms; passed += 500) {
      await clock.advance(500)
      if (serving) serve()
    }
  }
  const connected = answersAt(recording, 0)['/api/printer'].status === 200
  return { recording, truth: truthOf(recording, connected), start, live, log, frames, files }
}

it.each(recordingNames())('%s: the relay is told exactly what happened', async (name) => {
  const { recording, truth, start, live, log } = house(name)
  const stop = start()
  await live(recording.durationMs + 16_000)
  await stop()
  expect(log).toEqual(truth)
})

it('tells it all also when the relay answers only at the end, and the agent was restarted', async () => {
  const { truth, start, live, log } = house('slow-pause-slow-cancel')
  await live(1000, false)
  const first = start()
  await live(20_000, false)
  await first()
  await live(3000, false)
  // It was down while the print began to be paused, and starts again after the cancel.
  const second = start()
  await live(22_000, false)
  await second()
  await live(10_000, false)
  const third = start()
  await live(20_000)
  await third()
  expect(log).toEqual(truth)
})

it('sends the temperatures of a print as history, also while nobody watches', async () => {
  const { recording, start, live, frames } = house('print-complete')
  const stop = start()
  await live(recording.durationMs + 130_000)
  await stop()
  const chunks = frames.flatMap(({ history }) => (history ? [history] : []))
  const last = chunks.at(-1)
  const length = last?.length ?? 0
  const tool = decodeColumn(last?.columns['tool0.actual'] ?? [], length) ?? []
  expect(chunks.length).toBeGreaterThan(1)
  expect(Math.max(...tool)).toBeGreaterThan(2000)
  expect(length).toBeGreaterThan(60)
})
