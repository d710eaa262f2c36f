/** Somebody signed in, as the verified token says. */
export interface Person {
  /** `user:<sub>`. */
  readonly principal: string
  /** The end of the sign-in, ms since 1970. */
  readonly session: number
  /** When the token was given, ms since 1970. */
  readonly signedAt: number
  /** The address, in lower case, only if the issuer verified it. */
  readonly email: string | undefined
  readonly name: string | undefined
}

/** Who watches: a person, or a guest of a share link. */
export type Watcher = Pick<Person, 'principal' | 'session' | 'signedAt'>

/** How somebody is called in lists and in the audit. */
export const calledName = ({ email, name, principal }: Person): string => email ?? name ?? principal
