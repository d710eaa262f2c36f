/** How a heater behaves; temperatures in °C, times in seconds. */
export type HeaterModel = {
  /** How fast it climbs at full power, in °C/s. */
  readonly climb: number
  /** How long the controller takes to settle near the target. */
  readonly settle: number
  /** The time constant of cooling down. */
  readonly cooling: number
}

export const toolHeater: HeaterModel = { climb: 2.6, settle: 6, cooling: 110 }
export const bedHeater: HeaterModel = { climb: 0.6, settle: 14, cooling: 420 }
export const chamberHeater: HeaterModel = { climb: 0.12, settle: 60, cooling: 900 }

export const roomTemperature = 21.5

/** Where the controller leaves full power and begins to settle, in °C below the target. */
const band = 4

/** The temperature `s` seconds after the heater was told a target, full power first. */
export const heated = (model: HeaterModel, from: number, target: number, s: number): number => {
  if (from > target) return target + (from - target) * Math.exp(-s / model.cooling)
  const gap = Math.min(band, target - from)
  const climbing = (target - gap - from) / model.climb
  if (s < climbing) return from + model.climb * s
  const settling = (s - climbing) / model.settle
  // A damped swing around the target, as a PID controller makes it: about 0.3 °C too far, once.
  return target - gap * Math.exp(-settling) * Math.cos(1.2 * settling)
}

/** How long a heater takes until it stays within a degree of its target, in seconds. */
export const heatingTime = (model: HeaterModel, from: number, target: number): number =>
  Math.max(0, target - band - from) / model.climb + 2.5 * model.settle

/** The temperature `s` seconds after the heater was switched off. */
export const cooled = (model: HeaterModel, from: number, s: number): number =>
  roomTemperature + (from - roomTemperature) * Math.exp(-s / model.cooling)
