import fc from 'fast-check'
import { octoPrintStates, printerLinks, type PrinterState } from '../../protocol/printer-state.ts'

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength })
const ms = fc.nat(2 ** 40)

const heater = fc.constantFrom('tool0', 'tool1', 'bed', 'chamber', 'my_plugin-1')
const reading = fc.constantFrom('actual', 'target', 'offset')
const celsius = fc.integer({ min: -2999, max: 20000 }).map((tenths) => tenths / 10)

/** States that fit the schema: few distinct values, so that fields often go back and forth. */
export const arbitraryState: fc.Arbitrary<PrinterState> = fc.record({
  connection: fc.record(
    {
      octoprint: fc.constantFrom(...octoPrintStates),
      printer: fc.constantFrom(...printerLinks),
      version: text(8),
      baudrate: fc.nat(250_000),
      detail: text(12),
    },
    { requiredKeys: [] },
  ),
  status: fc.record(
    { text: text(6), printing: fc.boolean(), paused: fc.boolean(), error: text(6) },
    { requiredKeys: [] },
  ),
  temperature: fc.dictionary(
    fc.tuple(heater, reading).map(([name, kind]) => `${name}.${kind}`),
    celsius,
    { maxKeys: 6 },
  ),
  job: fc.record(
    {
      name: text(8),
      path: text(12),
      size: fc.nat(),
      filamentLength: fc.array(celsius, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
  progress: fc.record(
    { completion: fc.integer({ min: 0, max: 100 }), printTime: ms, filepos: fc.nat(4) },
    { requiredKeys: [] },
  ),
})
