import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answersAt } from '../../../local/octoprint/recording-player.ts'
import {
  loadRecording,
  recordingNames,
  type Recording,
} from '../../../local/octoprint/recording.ts'
import type { ReadPath } from '../../../local/octoprint/scenario.ts'
import { canTell } from '../../../agent/events/can-tell.ts'
import { detect } from '../../../agent/events/detect.ts'
import type { Memory } from '../../../agent/events/memory.ts'
import { toPrinterState } from '../../../agent/mapping/to-printer-state.ts'
import { classify } from '../../../agent/octoprint/classify.ts'
import { endpoints } from '../../../agent/octoprint/endpoints.ts'
import { Sampler } from '../../../agent/sampler.ts'
import type { EventBody } from '../../../protocol/printer-event.ts'
import { handClock } from '../support/hand-clock.ts'
import { readingsOf } from '../support/readings-of.ts'
import { toldOf, truthOf } from './recorded-truth.ts'

const isConnected = (recording: Recording) => answersAt(recording, 0)['/api/printer'].status === 200

/** The agent's own sampler over the recording, begun `offset` ms into its virtual time. */
const polled = async (recording: Recording, watched: boolean, offset: number) => {
  const clock = handClock()
  const begin = clock.monotonic() + offset
  const bodies: EventBody[] = []
  let memory: Memory | undefined
  const sampler = new Sampler({
    clock,
    random: () => 0.5,
    intervals: { status: 5000, temperature: 2000, progress: 1000 },
    read: (kind) => {
      if (kind === 'version')
        return Promise.resolve({ kind: 'ok', body: { server: recording.octoprint } })
      const answers = answersAt(recording, clock.monotonic() - begin)
      const { status, body } = answers[`/${endpoints[kind]}` as ReadPath]
      return Promise.resolve(classify(kind, status, JSON.stringify(body)))
    },
    sampled: (readings) => {
      if (!canTell(readings)) return
      const found = detect(memory, toPrinterState(readings), clock.monotonic())
      memory = found.memory
      bodies.push(...found.events.map(({ body }) => body))
    },
  })
  sampler.watch(watched)
  sampler.start()
  await clock.advance(offset + recording.durationMs + 16_000)
  sampler.stop()
  return bodies.map(toldOf)
}

describe.each(recordingNames())('%s', (name) => {
  const recording = loadRecording(name)
  const truth = truthOf(recording, isConnected(recording))

  it('tells exactly what happened, read at each answer of OctoPrint', () => {
    let memory: Memory | undefined
    const bodies: EventBody[] = []
    for (const { t } of recording.answers) {
      const state = toPrinterState(readingsOf(answersAt(recording, t), recording.octoprint))
      const found = detect(memory, state, t)
      memory = found.memory
      bodies.push(...found.events.map(({ body }) => body))
    }
    expect(bodies.map(toldOf)).toEqual(truth)
  })

  it.each([
    ['watched', true],
    ['idle', false],
  ])('tells exactly what happened, at the pace of a %s agent and any phase', async (_, watched) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5000 }), async (offset) => {
        expect(await polled(recording, watched, offset)).toEqual(truth)
      }),
      { numRuns: 12 },
    )
  })
})

it('is not misled by answers that are not of one moment', () => {
  const lag = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(fc.constantFrom(...recordingNames()), lag, lag, (name, printerLags, jobLags) => {
      const recording = loadRecording(name)
      let memory: Memory | undefined
      const bodies: EventBody[] = []
      let [printerAt, jobAt] = [0, 0]
      for (let t = 0, n = 0; t <= recording.durationMs + 15_000; t += 1000, n++) {
        // An answer is never older than the one before it.
        printerAt = Math.max(printerAt, t - (printerLags[n % printerLags.length] ?? 0))
        jobAt = Math.max(jobAt, t - (jobLags[n % jobLags.length] ?? 0))
        const answers = {
          ...answersAt(recording, jobAt),
          '/api/printer': answersAt(recording, printerAt)['/api/printer'],
        }
        const state = toPrinterState(readingsOf(answers, recording.octoprint))
        const found = detect(memory, state, t)
        memory = found.memory
        bodies.push(...found.events.map(({ body }) => body))
      }
      const jobsOf = (all: readonly { type: string }[]) =>
        all.filter(({ type }) => type.startsWith('job_'))
      expect(jobsOf(bodies.map(toldOf))).toEqual(jobsOf(truthOf(recording, isConnected(recording))))
    }),
    { numRuns: 150 },
  )
})

it('tells of a print that ended how long it took, its file, its filament and its heat', () => {
  const recording = loadRecording('print-complete')
  let memory: Memory | undefined
  const bodies: EventBody[] = []
  for (let t = 0; t <= recording.durationMs; t += 1000) {
    const state = toPrinterState(readingsOf(answersAt(recording, t), recording.octoprint))
    const found = detect(memory, state, t)
    memory = found.memory
    bodies.push(...found.events.map(({ body }) => body))
  }
  expect(bodies.at(-1)).toMatchObject({
    type: 'job_complete',
    name: 'cube.gcode',
    path: 'cube.gcode',
    printTime: 133_000,
    filament: [301.64397],
    highest: {
      'bed.actual': expect.any(Number) as number,
      'tool0.actual': expect.any(Number) as number,
    },
  })
})
