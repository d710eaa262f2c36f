import type { Readings } from '../mapping/readings.ts'

/**
 * Whether the detector can be asked: before job and printer were both read, a missing job would look
 * like one that is gone.
 */
export const canTell = ({ health, job, printer }: Readings): boolean =>
  health.state !== 'ok' || (job !== undefined && printer !== undefined)
