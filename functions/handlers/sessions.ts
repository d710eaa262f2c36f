import type { Relay } from '../relay/create-relay.ts'
import type { RouteKeyOf } from '../routes.ts'
import { changing } from './changing.ts'
import { changed } from './http.ts'

/** Signing out everywhere. */
export const sessionsHandler = (relay: Relay) =>
  changing<RouteKeyOf<'sessions'>>(relay, {
    'POST /v1/sessions/end': async (person) => {
      await relay.endSessions(person)
      return changed()
    },
  })
