import { describe, expect, it } from 'vitest'
import { answersAt, changeTimes } from '../../local/octoprint/recording-player.ts'
import { loadRecording, recordingNames } from '../../local/octoprint/recording.ts'
import { printerStateSchema } from '../../protocol/printer-state.ts'
import { toPrinterState } from '../../agent/mapping/to-printer-state.ts'
import { readingsOf } from './support/readings-of.ts'

const stateAt = (name: string, ms: number) => {
  const recording = loadRecording(name)
  return toPrinterState(readingsOf(answersAt(recording, ms), recording.octoprint))
}

it.each(recordingNames())('%s maps at every moment to a state of the protocol', (name) => {
  const recording = loadRecording(name)
  for (const ms of [0, ...changeTimes(recording)]) {
    const state = toPrinterState(readingsOf(answersAt(recording, ms), recording.octoprint))
    expect(printerStateSchema.parse(state)).toEqual(state)
  }
})

describe('print-complete', () => {
  const at = (ms: number) => stateAt('print-complete', ms)

  it('is offline at first: a 409, no flags, no temperature, no job', () => {
    expect(at(1000)).toEqual({
      connection: { octoprint: 'ok', version: '1.11.8', printer: 'offline', profile: '_default' },
      status: { text: 'Offline', operational: false },
      temperature: {},
      job: {},
      progress: {},
    })
  })

  it('has a printer before it has temperatures', () => {
    expect(at(7500)).toMatchObject({ connection: { printer: 'connected' }, temperature: {} })
  })

  it('prints', () => {
    expect(at(91_000)).toMatchObject({
      connection: { printer: 'connected', port: 'VIRTUAL', baudrate: 250_000 },
      status: { text: 'Printing', operational: true, printing: true, ready: false, failed: false },
      temperature: {
        'bed.actual': 60,
        'bed.target': 60,
        'bed.offset': 0,
        'tool0.actual': 210,
        'tool0.target': 210,
        'tool0.offset': 0,
      },
      job: {
        name: 'cube.gcode',
        path: 'cube.gcode',
        origin: 'local',
        user: 'admin',
        size: 42_855,
        date: 1_795_169_374_000,
        estimatedPrintTime: 223_355,
        filamentLength: [301.64397],
        filamentVolume: [0],
      },
      progress: { printTimeLeftOrigin: 'linear' },
    })
    expect(at(91_000).job).not.toHaveProperty('lastPrintTime')
  })

  it('finishes while it still says printing', () => {
    expect(at(155_100).status).toMatchObject({ text: 'Finishing', printing: true, finishing: true })
  })

  it('stays at 100 % when it is done', () => {
    expect(at(174_000)).toMatchObject({
      status: { text: 'Operational', printing: false, ready: true },
      job: { averagePrintTime: 133_003, lastPrintTime: 133_003 },
      progress: { completion: 100, filepos: 42_855, printTime: 133_000, printTimeLeft: 0 },
    })
  })
})

it('2.0 prints with progress by its printer and no average time', () => {
  const state = stateAt('print-complete-2.0.0rc3', 87_100)
  expect(state).toMatchObject({
    connection: { version: '2.0.0rc3' },
    progress: { completion: 37, printTimeLeft: 120_000, printTimeLeftOrigin: 'printer' },
    job: { filamentLength: [301.64397] },
  })
  expect(stateAt('print-complete-2.0.0rc3', 1000).connection).toEqual({
    octoprint: 'ok',
    version: '2.0.0rc3',
    printer: 'offline',
  })
})

it('1.9 prints alike', () => {
  expect(stateAt('print-complete-1.9.3', 88_000)).toMatchObject({
    connection: { version: '1.9.3', printer: 'connected' },
    job: { averagePrintTime: 133_696 },
    progress: { printTime: 66_000, printTimeLeft: 86_000, printTimeLeftOrigin: 'average' },
  })
})

it('a pause shows as pausing and paused, a cancel empties the progress at once', () => {
  const at = (ms: number) => stateAt('slow-pause-slow-cancel', ms)
  expect(at(34_500).status).toMatchObject({ text: 'Pausing', pausing: true, printing: true })
  expect(at(38_500).status).toMatchObject({ text: 'Paused', paused: true, pausing: false })
  expect(at(51_500)).toMatchObject({ status: { text: 'Cancelling', cancelling: true } })
  expect(at(51_500).progress).toEqual({})
  expect(at(55_500).status).toMatchObject({ text: 'Operational', cancelling: false })
})

it('a disconnect takes temperatures away, a dead port stays connecting', () => {
  const at = (ms: number) => stateAt('disconnect-reconnect', ms)
  expect(at(31_000)).toMatchObject({
    connection: { printer: 'offline' },
    status: { text: 'Offline', operational: false },
    temperature: {},
  })
  expect(at(91_000)).toMatchObject({
    connection: { printer: 'connecting', port: '/dev/ttyS0', baudrate: 115_200 },
    status: { text: 'Connecting', operational: false },
  })
  expect(at(99_000).connection).toMatchObject({ printer: 'connected' })
})

it('heating shows target and actual of tool and bed', () => {
  expect(stateAt('idle-heat-cool', 30_000).temperature).toMatchObject({
    'tool0.target': 200,
    'bed.target': 60,
  })
})
