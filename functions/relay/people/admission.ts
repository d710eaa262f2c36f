/** Who may sign in beyond having an account. An empty rule lets in everyone the issuer knows. */
export interface AdmissionRule {
  readonly emails: readonly string[]
  readonly domains: readonly string[]
  /** `claim=value`, where the claim is a text or a list of texts. */
  readonly group: string | undefined
}

export type Claims = Readonly<Record<string, unknown>>

/** Whether a person with these verified claims is let in (design §5). */
export const isAdmitted = ({ emails, domains, group }: AdmissionRule, claims: Claims): boolean => {
  if (emails.length === 0 && domains.length === 0 && group === undefined) return true
  if (group !== undefined && isInGroup(group, claims)) return true
  const email = verifiedEmail(claims)
  if (email === undefined) return false
  return emails.includes(email) || domains.includes(email.slice(email.lastIndexOf('@') + 1))
}

const isInGroup = (group: string, claims: Claims): boolean => {
  const cut = group.indexOf('=')
  const value = claims[group.slice(0, cut)]
  const wanted = group.slice(cut + 1)
  if (Array.isArray(value)) return value.includes(wanted)
  if (typeof value !== 'string') return false
  // API Gateway hands a list on as `[a b c]`, in which a blank within a name cannot be told apart.
  const list = /^\[(.*)\]$/s.exec(value)?.[1]
  return list === undefined ? value === wanted : list.split(/[ ,]+/).includes(wanted)
}

/** An address that the issuer did not verify is anybody's. API Gateway hands claims on as texts. */
export const verifiedEmail = ({ email, email_verified: verified }: Claims): string | undefined =>
  typeof email === 'string' && (verified === true || verified === 'true')
    ? lowered(email)
    : undefined

/** KELVIN SIGN and I WITH DOT ABOVE: the only others whose lower case has a Latin letter. */
const fallsTogether = /[\u212a\u0130]/

/** As addresses are compared; one that would fall together with somebody else's stays as it is. */
const lowered = (email: string): string => (fallsTogether.test(email) ? email : email.toLowerCase())
