import { describe, expect, it } from 'vitest'
import { emptyState, type PrinterState } from '../../../protocol/printer-state.ts'
import { detect, type Happened } from '../../../agent/events/detect.ts'
import { memorySchema, revived, type Memory } from '../../../agent/events/memory.ts'

const flags = { operational: true, printing: false, paused: false }
const idle: PrinterState = {
  ...emptyState,
  connection: { octoprint: 'ok', printer: 'connected' },
  status: { text: 'Operational', ...flags },
}
const loaded = (path: string, job: PrinterState['job'] = {}): PrinterState => ({
  ...idle,
  job: { name: path, path, ...job },
})
const printing = (
  path: string,
  completion: number,
  job: PrinterState['job'] = {},
): PrinterState => ({
  ...loaded(path, job),
  status: { text: 'Printing', ...flags, printing: true },
  progress: {
    completion,
    printTime: completion * 10_000,
    printTimeLeft: (100 - completion) * 10_000,
  },
})
const as = (state: PrinterState, status: PrinterState['status']): PrinterState => ({
  ...state,
  status: { ...state.status, ...status },
})
const done = (
  path: string,
  printTime = 1_000_000,
  job: PrinterState['job'] = {},
): PrinterState => ({
  ...loaded(path, job),
  progress: { completion: 100, printTime },
})
const offline: PrinterState = {
  ...emptyState,
  connection: { octoprint: 'ok', printer: 'offline' },
  status: { text: 'Offline', operational: false },
}
type OctoPrint = PrinterState['connection']['octoprint']
const failing = (state: PrinterState, octoprint: OctoPrint): PrinterState => ({
  ...state,
  connection: { ...state.connection, octoprint },
})

/** Short words for what is told. */
const word = ({ body }: Happened) =>
  [body.type, 'reason' in body ? body.reason : undefined, 'path' in body ? body.path : undefined]
    .filter((part) => part !== undefined)
    .join(' ')

type Look = PrinterState | readonly [number, PrinterState]
const run = (looks: readonly Look[], memory?: Memory, from = 0) => {
  const told: Happened[] = []
  let at = from
  let held = memory
  for (const look of looks) {
    const [wait, state] = Array.isArray(look) ? (look as [number, PrinterState]) : [5000, look]
    at += wait
    const found = detect(held, state as PrinterState, at)
    held = found.memory
    told.push(...found.events)
  }
  return { told, words: told.map(word), memory: held }
}
const words = (...looks: readonly Look[]) => run(looks).words

describe('the first state', () => {
  it.each([
    ['idle', idle],
    ['printing', printing('a', 50)],
    ['paused', as(printing('a', 50), { printing: false, paused: true })],
    ['done', done('a')],
    ['offline', offline],
    ['in error', as(offline, { failed: true })],
  ])('%s is no event', (_, state) => {
    expect(words(state, state, [60_000, state])).toEqual([])
  })

  it('of a job under way lets its end be told', () => {
    expect(words(printing('a', 50), done('a'))).toEqual(['job_complete a'])
  })
})

describe('an end', () => {
  it('is complete at 100 %, cancelled when the progress is gone', () => {
    expect(words(idle, printing('a', 1), done('a'))).toEqual(['job_started a', 'job_complete a'])
    expect(words(idle, printing('a', 1), loaded('a'))).toEqual([
      'job_started a',
      'job_failed cancelled a',
    ])
  })

  it('waits for the progress that belongs to it', () => {
    const stale = { ...idle, job: printing('a', 99).job, progress: printing('a', 99).progress }
    expect(words(printing('a', 99), [1000, stale], [1000, done('a')])).toEqual(['job_complete a'])
    expect(words(printing('a', 99), [1000, stale], [1000, loaded('a')])).toEqual([
      'job_failed cancelled a',
    ])
    expect(words(printing('a', 50), stale, stale, stale)).toEqual(['job_failed cancelled a'])
  })

  it('is a cancel although the file said 100 %, when that is taken back', () => {
    expect(words(printing('a', 100), loaded('a'))).toEqual(['job_failed cancelled a'])
  })

  it('is complete when it was finishing, whatever came then', () => {
    const finishing = as(printing('a', 100), { finishing: true })
    expect(words(finishing, offline)).toEqual(['job_complete a', 'printer_disconnected'])
  })

  it('is an error with its text, and the error is told', () => {
    const broken = as(offline, { failed: true, error: 'Thermal runaway' })
    const { words: all, told } = run([printing('a', 5), broken, broken])
    expect(all).toEqual(['job_failed error a', 'printer_error', 'printer_disconnected'])
    expect(told[1]?.body).toEqual({ type: 'printer_error', message: 'Thermal runaway' })
  })

  it('is a printer lost when the printer goes', () => {
    expect(words(printing('a', 5), offline)).toEqual([
      'job_failed printer_lost a',
      'printer_disconnected',
    ])
  })

  it('carries the time printed and the highest temperatures', () => {
    const hot = (celsius: number, completion: number) => ({
      ...printing('a', completion),
      temperature: { 'tool0.actual': celsius, 'tool0.target': 210 },
    })
    const { told } = run([idle, hot(200, 1), hot(215, 40), hot(209, 60), loaded('a')])
    expect(told.at(-1)?.body).toMatchObject({
      printTime: 600_000,
      highest: { 'tool0.actual': 215 },
    })
  })
})

describe('what happened between two looks', () => {
  it('a print that began and ended', () => {
    expect(words(idle, [20_000, idle], done('a'))).toEqual(['job_started a', 'job_complete a'])
    expect(words(done('a'), [20_000, done('a')], done('b'))).toEqual([
      'job_started b',
      'job_complete b',
    ])
    expect(words(done('a', 5000), [20_000, done('a', 5000)], done('a', 7000))).toEqual([
      'job_started a',
      'job_complete a',
    ])
  })

  it('a print of the same length, by the time it left with the file', () => {
    const first = done('a', 5000, { lastPrintTime: 5111 })
    const second = done('a', 5000, { lastPrintTime: 5222 })
    expect(words(first, [20_000, first], second)).toEqual(['job_started a', 'job_complete a'])
  })

  it('one print ended and another began', () => {
    expect(words(printing('a', 99.5), printing('b', 0))).toEqual([
      'job_complete a',
      'job_started b',
    ])
    expect(words(printing('a', 50), printing('b', 0))).toEqual([
      'job_failed cancelled a',
      'job_started b',
    ])
  })

  it('the same file began anew', () => {
    expect(words(printing('a', 50), printing('a', 1))).toEqual([
      'job_failed cancelled a',
      'job_started a',
    ])
    const after = printing('a', 0.1, { lastPrintTime: 990_000 })
    expect(words(printing('a', 90), after)).toEqual(['job_complete a', 'job_started a'])
  })

  it('a start and its pause, a pause and its cancel', () => {
    const paused = as(printing('a', 5), { printing: false, paused: true })
    expect(words(idle, paused, loaded('a'))).toEqual([
      'job_started a',
      'job_paused a',
      'job_failed cancelled a',
    ])
  })

  it('the printer went and came while it was being connected', () => {
    const connecting = { ...offline, connection: { ...offline.connection, printer: 'connecting' } }
    expect(words(idle, connecting as PrinterState, idle)).toEqual([
      'printer_disconnected',
      'printer_connected',
    ])
  })
})

describe('a file that is selected', () => {
  it('is no event, also one that was printed before', () => {
    expect(words(idle, loaded('a', { lastPrintTime: 9000 }), loaded('b'))).toEqual([])
    expect(words(done('a'), loaded('b'), loaded('a'))).toEqual([])
  })

  it('while the state is still that of the print before ends that print as it ended', () => {
    const stale = { ...loaded('b'), status: printing('a', 99).status }
    expect(words(printing('a', 99.9), [1000, stale], [1000, loaded('b')])).toEqual([
      'job_complete a',
    ])
  })

  it('and printed again is no second print when the 100 % of the first are still read', () => {
    const stale = { ...done('a'), status: printing('a', 1).status }
    expect(words(done('a'), [1000, stale], [1000, printing('a', 0.1)], printing('a', 1))).toEqual([
      'job_started a',
    ])
  })
})

describe('OctoPrint gone while it prints', () => {
  const gone = failing(printing('a', 50), 'unreachable')
  const silent = failing(printing('a', 50), 'not_answering')

  it('and back within a minute, still printing: nothing happened', () => {
    expect(words(printing('a', 50), gone, [50_000, gone], printing('a', 55))).toEqual([])
  })

  it('and back idle: the job is lost with it', () => {
    expect(words(printing('a', 50), gone, idle)).toEqual(['job_failed octoprint_lost a'])
    expect(words(printing('a', 50), gone, offline)).toEqual([
      'job_failed octoprint_lost a',
      'printer_disconnected',
    ])
  })

  it('and back with the job done: it is complete', () => {
    expect(words(printing('a', 99), gone, done('a'))).toEqual(['job_complete a'])
  })

  it('for more than a minute: lost, once', () => {
    expect(words(printing('a', 50), gone, [59_999, gone])).toEqual([])
    expect(words(printing('a', 50), gone, [60_000, gone], [600_000, gone], offline)).toEqual([
      'job_failed octoprint_lost a',
      'printer_disconnected',
    ])
  })

  it('that hangs may print on for five minutes', () => {
    expect(words(printing('a', 50), silent, [299_000, silent], printing('a', 70))).toEqual([])
    expect(words(printing('a', 50), silent, [300_000, silent])).toEqual([
      'job_failed octoprint_lost a',
    ])
  })

  it('that answers with errors, or refuses the key, is not lost', () => {
    for (const octoprint of ['server_error', 'key_refused', 'odd_answer'] as const) {
      const odd = failing(printing('a', 50), octoprint)
      expect(words(printing('a', 50), odd, [3_600_000, odd], printing('a', 90))).toEqual([])
    }
  })

  it('for one slow answer: a cancel is a cancel', () => {
    expect(words(printing('a', 50), silent, loaded('a'))).toEqual(['job_failed cancelled a'])
  })
})

describe('an agent that was down', () => {
  const before = run([idle, printing('a', 50)]).memory
  const backAfter = (ms: number, ...looks: Look[]) => {
    const stored = memorySchema.parse(JSON.parse(JSON.stringify(before)))
    return run(looks, revived(stored, 1000, ms), 1000).words
  }
  const back = (...looks: Look[]) => backAfter(3_600_000, ...looks)

  it('says nothing of a job that prints on', () => {
    expect(back(printing('a', 80), printing('a', 81))).toEqual([])
  })

  it('tells how the job ended meanwhile', () => {
    expect(back(done('a'))).toEqual(['job_complete a'])
    expect(back(loaded('a'))).toEqual(['job_failed cancelled a'])
    expect(back(idle)).toEqual(['job_failed octoprint_lost a'])
    expect(back(printing('b', 3))).toEqual(['job_complete a', 'job_started b'])
    expect(back(offline)).toEqual(['job_failed octoprint_lost a', 'printer_disconnected'])
  })

  it('takes a job that cannot have ended yet for cancelled where another file was chosen', () => {
    expect(backAfter(20_000, printing('b', 3))).toEqual(['job_failed cancelled a', 'job_started b'])
    expect(backAfter(20_000, loaded('b'))).toEqual(['job_failed cancelled a'])
    expect(backAfter(20_000, idle)).toEqual(['job_failed octoprint_lost a'])
  })

  it('waits for OctoPrint before it says anything', () => {
    const gone = failing(printing('a', 50), 'unreachable')
    expect(back(gone, [600_000, gone], printing('a', 60))).toEqual([])
  })
})

it('reads what goes on from the text where an odd answer leaves out the flags', () => {
  const texts = (text: string, base: PrinterState) => ({ ...base, status: { text } })
  expect(
    words(
      texts('Operational', idle),
      texts('Printing from SD', printing('a', 5)),
      texts('Paused', printing('a', 5)),
      texts('Printing', printing('a', 6)),
      texts('Operational', done('a')),
    ),
  ).toEqual(['job_started a', 'job_paused a', 'job_resumed a', 'job_complete a'])
})
