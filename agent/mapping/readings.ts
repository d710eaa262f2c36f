import type { Health } from '../octoprint/health.ts'
import type { Body } from './tolerant.ts'

/** The last usable answer of each kind, and how OctoPrint is: all that a state is made of. */
export interface Readings {
  readonly health: Health
  /** `not_operational` is the 409 of a printer that is off or being connected. */
  readonly printer: Body | 'not_operational' | undefined
  readonly job: Body | undefined
  readonly connection: Body | undefined
  readonly version: Body | undefined
}

export const noReadings: Readings = {
  health: { state: 'starting', detail: undefined },
  printer: undefined,
  job: undefined,
  connection: undefined,
  version: undefined,
}
