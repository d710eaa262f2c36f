import type { Person } from '../../functions/relay/people/person.ts'
import { lastsLong, startOfTime } from '../model/world.ts'

/** Somebody signed in with a verified address, `<name>@example.org` unless said. */
export const personOf = (name: string, more: Partial<Person> = {}): Person => ({
  ...{ principal: `user:${name}`, session: lastsLong, signedAt: startOfTime },
  ...{ email: `${name}@example.org`, name: undefined },
  ...more,
})
