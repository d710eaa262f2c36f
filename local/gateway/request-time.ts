const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The gateways' `requestTime`: common log format in UTC, as `09/Feb/2026:12:00:00 +0000`. */
export const requestTime = (epochMs: number): string => {
  const at = new Date(epochMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const month = months[at.getUTCMonth()] ?? ''
  const date = `${two(at.getUTCDate())}/${month}/${at.getUTCFullYear()}`
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':')
  return `${date}:${time} +0000`
}
