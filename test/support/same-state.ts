import { changedFields } from '../../protocol/delta.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'

/** Whether two states differ in no field. */
export const sameState = (a: PrinterState, b: PrinterState): boolean =>
  changedFields(a, b).size === 0
