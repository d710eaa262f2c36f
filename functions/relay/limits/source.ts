import { isIPv6 } from 'node:net'

/** Of an IPv6 address only the network counts: one house has 2^64 addresses (RFC 6177). */
const groupsOfNetwork = 4
const groups = 8

/**
 * Whose tries are counted together: an IPv4 address, or the /64 network of an IPv6 address. It
 * limits and never identifies.
 */
export const sourceOf = (address: string): string => {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from(
    { length: Math.max(0, groups - before.length - after.length) },
    () => '0',
  )
  const whole = tail === undefined ? before : [...before, ...zeros, ...after]
  const network = whole.slice(0, groupsOfNetwork).map((group) => Number.parseInt(group, 16))
  return `${network.map((group) => group.toString(16)).join(':')}::/64`
}
