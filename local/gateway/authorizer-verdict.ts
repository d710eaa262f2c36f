/** What an authorizer's answer means for the handshake. */
export type Verdict =
  | { readonly kind: 'allowed'; readonly context: Record<string, string> }
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 500 }

type Bag = Record<string, unknown>

const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string')

/** IAM's wildcards: `*` any characters, `?` one. */
const globMatches = (pattern: string, text: string): boolean => {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replace(/\?/g, '.')}$`, 's').test(text)
}

const covers = (statement: Bag, arn: string): boolean =>
  listOf(statement['Action']).some((action) =>
    globMatches(action.toLowerCase(), 'execute-api:invoke'),
  ) && listOf(statement['Resource']).some((resource) => globMatches(resource, arn))

const statementsOf = (policy: unknown): Bag[] | undefined => {
  if (!isBag(policy)) return undefined
  const given = policy['Statement']
  const statements: unknown[] = Array.isArray(given) ? given : [given]
  return statements.length > 0 && statements.every(isBag) ? statements : undefined
}

/** The context as every later event carries it: scalars as strings; anything deeper is refused. */
const contextOf = (context: unknown): Record<string, string> | undefined => {
  if (context === undefined || context === null) return {}
  if (!isBag(context)) return undefined
  const strings: [string, string][] = []
  for (const [name, value] of Object.entries(context)) {
    if (value === null || value === undefined) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      return undefined
    }
    strings.push([name, String(value)])
  }
  return Object.fromEntries(strings)
}

const sizeOf = (result: Bag): number => {
  try {
    return Buffer.byteLength(JSON.stringify(result))
  } catch {
    return Infinity // a cycle or a bigint: could not have left a Lambda
  }
}

const refused = (status: 401 | 403 | 500): Verdict => ({ kind: 'refused', status })

/** Judges what an authorizer returned for this resource; nonsense is 500, a denial 403. */
export const judge = (result: unknown, arn: string, maxBytes: number): Verdict => {
  if (!isBag(result) || sizeOf(result) > maxBytes) return refused(500)
  const statements = statementsOf(result['policyDocument'])
  const context = contextOf(result['context'])
  const principalId = result['principalId']
  if (statements === undefined || context === undefined || typeof principalId !== 'string') {
    return refused(500)
  }
  const matching = statements.filter((statement) => covers(statement, arn))
  const denied = matching.some((statement) => statement['Effect'] === 'Deny')
  const allowed = matching.some((statement) => statement['Effect'] === 'Allow')
  return allowed && !denied
    ? { kind: 'allowed', context: { ...context, principalId } }
    : refused(403)
}

/** Judges what an authorizer threw: exactly `Unauthorized` is a refusal, all else its own failure. */
export const judgeThrown = (error: unknown): Verdict =>
  refused(error instanceof Error && error.message === 'Unauthorized' ? 401 : 500)
