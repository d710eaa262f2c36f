import type { PrinterState } from './printer-state.ts'

/** A job is under way, also while it is paused or on the way there, back or to its end. */
export const isPrinting = ({ status }: Pick<PrinterState, 'status'>): boolean =>
  [
    status.printing,
    status.pausing,
    status.paused,
    status.resuming,
    status.cancelling,
    status.finishing,
  ].includes(true)
