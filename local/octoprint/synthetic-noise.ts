/**
 * A random number in [0, 1) that depends only on its arguments (integers), so that any moment of
 * an endless print can be computed without the moments before it.
 */
export const randomAt = (...numbers: readonly number[]): number => {
  let hash = 0x9e3779b9
  for (const number of numbers) {
    // Both halves count: indexes of ticks pass 32 bits after some weeks of virtual time.
    hash = mixed(hash ^ (number | 0))
    hash = mixed(hash ^ Math.floor(number / 2 ** 32))
  }
  return (hash >>> 0) / 2 ** 32
}

/** A random integer from `low` to `high`, both possible. */
export const integerAt = (low: number, high: number, ...numbers: readonly number[]): number =>
  low + Math.floor(randomAt(...numbers) * (high - low + 1))

const mixed = (hash: number): number => {
  let x = hash
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

const tickMs = 1000
const swayMs = 11_000

/** What a thermistor adds to the truth, in °C within ±0.3: jitter each second on a slow sway. */
export const sensorNoise = (ms: number, seed: number, sensor: number): number => {
  const jitter = randomAt(seed, sensor, 1, Math.floor(ms / tickMs)) - 0.5
  const step = Math.floor(ms / swayMs)
  const between = ms / swayMs - step
  const from = randomAt(seed, sensor, 2, step) - 0.5
  const to = randomAt(seed, sensor, 2, step + 1) - 0.5
  return 0.3 * jitter + 0.3 * (from + (to - from) * between)
}
