import type { Relay } from '../relay/create-relay.ts'
import { changed, signingOut } from './http.ts'

/** `POST /v1/sessions/end`: signing out everywhere. */
export const sessionsHandler = (relay: Relay) =>
  signingOut(relay, async (person) => {
    await relay.mayChange(person)
    await relay.endSessions(person)
    return changed()
  })
