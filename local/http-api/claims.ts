/** A claim as the JWT authorizer hands it on: text as it is, lists as `[a b]`, the rest printed. */
const claimText = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`
  return JSON.stringify(value)
}

export const claimTexts = (payload: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(payload)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, claimText(value)]),
  )

/** The scopes of a token: `scope`, or `scp`, as words or as a list. */
export const scopesOf = (payload: Readonly<Record<string, unknown>>): string[] => {
  const given = payload['scope'] ?? payload['scp']
  if (Array.isArray(given)) return given.filter((entry) => typeof entry === 'string')
  return typeof given === 'string' ? given.split(' ').filter((word) => word !== '') : []
}
