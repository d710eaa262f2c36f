import { limits } from '../../protocol/limits.ts'
import { bytesOf } from '../../protocol/parse-frame.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { cut } from './tolerant.ts'

/**
 * The state within `stateBytes`. Only long names in scripts of three bytes a character get there;
 * the long texts are then halved until it fits.
 */
export const fit = (state: PrinterState): PrinterState => {
  let fitting = state
  for (let most = limits.pathText / 2; most > 1; most /= 2) {
    if (bytesOf(JSON.stringify(fitting)) <= limits.stateBytes) break
    fitting = shortened(state, most)
  }
  return fitting
}

const shortened = (state: PrinterState, most: number): PrinterState => ({
  ...state,
  connection: shorten(state.connection, most),
  status: shorten(state.status, most),
  job: shorten(state.job, most),
})

const shorten = <Section extends object>(section: Section, most: number): Section =>
  Object.fromEntries(
    Object.entries(section).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' && !names.has(name) ? cut(value, most) : value,
    ]),
  ) as Section

/** Words of ours, whose letters mean something. */
const names = new Set(['octoprint', 'printer'])
