/**
 * One column of temperature history: tenths of a degree, each number the difference to the one
 * before (the first to 0), runs of equal differences as `[difference, count]` in one flat list.
 */
export const encodeColumn = (tenths: readonly number[]): number[] => {
  const pairs: number[] = []
  let before = 0
  for (const value of tenths) {
    const difference = value - before
    const last = pairs.length - 2
    if (last >= 0 && pairs[last] === difference) pairs[last + 1] = (pairs[last + 1] ?? 0) + 1
    else pairs.push(difference, 1)
    before = value
  }
  return pairs
}

/** The tenths of a degree of a column of `length` samples; undefined when it does not hold them. */
export const decodeColumn = (pairs: readonly number[], length: number): number[] | undefined => {
  const tenths: number[] = []
  let value = 0
  for (let at = 0; at < pairs.length; at += 2) {
    const count = pairs[at + 1] ?? 0
    // Checked before the run is written out: the count comes from outside and may be huge.
    if (count < 1 || tenths.length + count > length) return undefined
    for (let n = 0; n < count; n++) tenths.push((value += pairs[at] ?? 0))
  }
  return tenths.length === length ? tenths : undefined
}

/** What the wire keeps of a temperature (°C), and back. */
export const tenthsOf = (celsius: number): number => Math.round(celsius * 10) + 0
export const celsiusOf = (tenths: number): number => tenths / 10
