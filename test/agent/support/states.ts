import * as fc from 'fast-check'
import { emptyState, type PrinterState } from '../../../protocol/printer-state.ts'

export const ready: PrinterState = {
  ...emptyState,
  connection: { octoprint: 'ok', printer: 'connected' },
  status: { text: 'Operational', operational: true, printing: false },
  temperature: { 'tool0.actual': 21.3, 'tool0.target': 0 },
}

export const printing: PrinterState = {
  ...ready,
  status: { text: 'Printing', operational: true, printing: true },
  job: { name: 'cube.gcode', size: 42_855 },
  progress: { completion: 1.5, printTime: 2000 },
}

export const warm = (state: PrinterState, celsius: number): PrinterState => ({
  ...state,
  temperature: { ...state.temperature, 'tool0.actual': celsius },
})

const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const without = <T extends object>(record: T) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

/** Small states whose fields come, go and come back. */
export const anyState: fc.Arbitrary<PrinterState> = fc
  .record({
    text: some(fc.constantFrom('Operational', 'Printing', 'Paused')),
    printing: some(fc.boolean()),
    tool: some(fc.integer({ min: 20, max: 24 })),
    bed: some(fc.integer({ min: 20, max: 24 })),
    // A new job makes a keyframe: it must be rare, or there would be no deltas to test.
    name: fc.oneof(
      { weight: 30, arbitrary: fc.constant('a.gcode') },
      { weight: 1, arbitrary: fc.constantFrom('b.gcode', 'ü'.repeat(200), undefined) },
    ),
    completion: some(fc.integer({ min: 0, max: 3 })),
    bedTarget: some(fc.constantFrom(0, 60)),
  })
  .map(({ text, printing: isPrinting, tool, bed, name, completion, bedTarget }) => ({
    connection: {},
    status: without({ text, printing: isPrinting }),
    temperature: without({ 'tool0.actual': tool, 'bed.actual': bed, 'bed.target': bedTarget }),
    job: without({ name }),
    progress: without({ completion }),
  }))
