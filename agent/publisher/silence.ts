import type { Mode } from '../../protocol/mode.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { timeOuts } from '../../protocol/time-outs.ts'

/** A job is under way, also while it is paused. */
export const isPrinting = ({ status }: PrinterState): boolean =>
  status.printing === true || status.paused === true || status.pausing === true

/** At the latest so much later (ms) comes the next frame (design §4). */
export const silenceOf = (mode: Mode, state: PrinterState): number => {
  if (mode === 'watched') return timeOuts.silenceWatched
  return isPrinting(state) ? timeOuts.silenceIdlePrinting : timeOuts.silenceIdle
}
