/** The states a connected printer goes through, in OctoPrint's words. */
export const printerStates = [
  'Operational',
  'Starting',
  'Printing',
  'Pausing',
  'Paused',
  'Resuming',
  'Cancelling',
  'Finishing',
] as const
export type PrinterStateText = (typeof printerStates)[number]

export type FlagName =
  | 'cancelling'
  | 'closedOrError'
  | 'error'
  | 'finishing'
  | 'operational'
  | 'paused'
  | 'pausing'
  | 'printing'
  | 'ready'
  | 'resuming'
  | 'sdReady'
export type Flags = Readonly<Record<FlagName, boolean>>

// `printing` stays true while a print is pausing, resuming, cancelling or finishing, as recorded.
const raised: Readonly<Record<PrinterStateText, readonly FlagName[]>> = {
  Operational: ['ready'],
  Starting: ['printing'],
  Printing: ['printing'],
  Pausing: ['printing', 'pausing'],
  Paused: ['paused'],
  Resuming: ['printing', 'resuming'],
  Cancelling: ['printing', 'cancelling'],
  Finishing: ['printing', 'finishing'],
}

/** The flags OctoPrint shows with a state. */
export const flagsOf = (state: PrinterStateText): Flags => {
  const up = new Set<FlagName>(['operational', 'sdReady', ...raised[state]])
  return {
    cancelling: up.has('cancelling'),
    closedOrError: up.has('closedOrError'),
    error: up.has('error'),
    finishing: up.has('finishing'),
    operational: up.has('operational'),
    paused: up.has('paused'),
    pausing: up.has('pausing'),
    printing: up.has('printing'),
    ready: up.has('ready'),
    resuming: up.has('resuming'),
    sdReady: up.has('sdReady'),
  }
}
