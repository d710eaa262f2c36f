import { describe, expect, it } from 'vitest'
import { VirtualOctoPrintError } from '../../../local/octoprint/errors.ts'
import {
  changeTimes,
  lastAnswers,
  playRecording,
} from '../../../local/octoprint/recording-player.ts'
import { stepRecording } from '../../../local/octoprint/recording-stepper.ts'
import {
  loadRecording,
  parseRecording,
  recordingNames,
} from '../../../local/octoprint/recording.ts'
import { readPaths } from '../../../local/octoprint/scenario.ts'
import { ask, running, standingClock } from './running.ts'

describe.each(recordingNames())('recording %s', (name) => {
  const recording = loadRecording(name)

  it('is served answer by answer as it was recorded', async () => {
    const clock = standingClock()
    const octoprint = await running({ scenario: playRecording(recording), now: clock.now })
    for (const { t, path, status, body } of recording.answers) {
      clock.goTo(t)
      const got = await ask(octoprint, path)
      expect({ t, path, status: got.status, body: got.body }).toEqual({ t, path, status, body })
    }
  })

  it('steps through every change and ends at its last answers', async () => {
    const scenario = stepRecording(recording)
    const octoprint = await running({ scenario })
    const visited: number[] = []
    while (scenario.next()) visited.push(scenario.positionMs)
    expect(visited).toEqual(changeTimes(recording))
    expect(scenario.next()).toBe(false)
    for (const path of readPaths) {
      const { status, body } = await ask(octoprint, path)
      const last = recording.answers.findLast((answer) => answer.path === path)
      expect({ status, body }).toEqual({ status: last?.status, body: last?.body })
      expect(lastAnswers(recording)[path]).toEqual({ status, body })
    }
  })

  it('keeps the last answers when it is over', () => {
    const scenario = playRecording(recording)
    expect(scenario.at(recording.durationMs + 1e9)).toEqual(lastAnswers(recording))
  })

  it('tells the version it was recorded from', async () => {
    const octoprint = await running({ scenario: playRecording(recording) })
    const { body } = await ask(octoprint, '/api/version')
    const server = recording.octoprint
    expect(body).toEqual({ api: '0.1', server, text: `OctoPrint ${server}` })
  })
})

describe('playing a recording', () => {
  const recording = loadRecording('print-complete')

  it('passes ten recorded seconds a second at speed 10', () => {
    const fast = playRecording(recording, { speed: 10 })
    expect(fast.at(6_000)).toEqual(playRecording(recording).at(60_000))
  })

  it('starts again at the end of a loop', () => {
    const loop = playRecording(recording, { loop: true })
    const lengthMs = recording.durationMs + 5_000
    expect(loop.at(lengthMs - 1)).toEqual(lastAnswers(recording))
    expect(loop.at(3 * lengthMs + 60_000)).toEqual(loop.at(60_000))
  })

  it('writes JSON as OctoPrint does, indented and ended by a line feed', async () => {
    const octoprint = await running({ scenario: playRecording(recording) })
    const { text } = await ask(octoprint, '/api/printer')
    // 44 bytes, the recorded size of this answer.
    expect(text).toBe('{\n  "error": "Printer is not operational"\n}\n')
  })

  it('steps back as well as forth', () => {
    const stepper = stepRecording(recording)
    const before = stepper.current()
    stepper.goTo(60_000)
    expect(stepper.current()).not.toEqual(before)
    stepper.goTo(0)
    expect(stepper.current()).toEqual(before)
  })

  it('keeps the events that tell what really happened', () => {
    const types = recording.events.map(({ type }) => type)
    expect(types).toContain('PrintStarted')
    expect(types.filter((type) => type === 'PrintDone')).toHaveLength(1)
  })
})

describe('reading a recording', () => {
  const refused = (read: () => unknown) => {
    try {
      read()
    } catch (error) {
      if (error instanceof VirtualOctoPrintError) return error
    }
    return expect.unreachable('it was read')
  }

  it('names the recordings there are when one is unknown', () => {
    const { code, message } = refused(() => loadRecording('../../package.json'))
    expect(code).toBe('unknown-recording')
    expect(message).toContain('print-complete')
  })

  it('names the line that is not understood', () => {
    const meta = '{"t":0,"kind":"meta","body":{"octoprint":"1.11.8"}}'
    const { code, message } = refused(() => parseRecording(`${meta}\n{"t":1,\n`, 'torn'))
    expect(code).toBe('broken-recording')
    expect(message).toContain('Line 2 of recording "torn"')
  })

  it('refuses one that lacks a path', () => {
    const meta = '{"t":0,"kind":"meta","body":{"octoprint":"1.11.8"}}'
    expect(refused(() => parseRecording(meta, 'empty')).message).toContain('/api/printer')
  })
})
