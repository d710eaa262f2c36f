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

/** What somebody can be called by. */
export type Named = Pick<Person, 'principal' | 'email' | 'name'>

/** How somebody is called in lists and in the audit. */
export const calledName = ({ email, name, principal }: Named): string => email ?? name ?? principal
