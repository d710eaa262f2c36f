import { isPrinting } from '../../protocol/is-printing.ts'
import type { Mode } from '../../protocol/mode.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { timeOuts } from '../../protocol/time-outs.ts'

/** At the latest so much later (ms) comes the next frame (design §4). */
export const silenceOf = (mode: Mode, state: PrinterState): number => {
  if (mode === 'watched') return timeOuts.silenceWatched
  return isPrinting(state) ? timeOuts.silenceIdlePrinting : timeOuts.silenceIdle
}
