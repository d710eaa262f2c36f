import type { Relay } from '../relay/create-relay.ts'
import type { Person } from '../relay/people/person.ts'
import type { Answer } from './error-answer.ts'
import { byRoute, signedIn, type HttpEvent } from './http.ts'

type Work = (person: Person, event: HttpEvent) => Promise<Answer>

/** The routes of an entry on which people change something: so often and no oftener. */
export const changing = <Key extends string>(relay: Relay, works: Readonly<Record<Key, Work>>) => {
  const work = byRoute(works)
  return signedIn(relay, async (person, event) => {
    await relay.mayChange(person)
    return work(person, event)
  })
}
