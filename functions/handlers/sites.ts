import * as z from 'zod/mini'
import type { Relay } from '../relay/create-relay.ts'
import type { Person } from '../relay/people/person.ts'
import type { RouteKeyOf } from '../routes.ts'
import { byRoute, jsonAnswer, signedIn } from './http.ts'
import { queryOf, siteOf } from './query.ts'

const querySchema = z.object({
  before: z.optional(z.string().check(z.regex(/^[0-9#a-z]{1,64}$/))),
})

/** What there is of sites to read. */
export const sitesHandler = (relay: Relay) =>
  signedIn(
    relay,
    byRoute<RouteKeyOf<'sites'>, Person>({
      'GET /v1/sites': async (person, event) => jsonAnswer(await relay.listSites(person), event),
      'GET /v1/sites/{id}': async ({ principal }, event) => {
        const site = await relay.siteView(principal, siteOf(event))
        return jsonAnswer(site, event, { ...site, now: 0 })
      },
      'GET /v1/sites/{id}/audit': async ({ principal }, event) => {
        const { before } = queryOf(querySchema, event)
        return jsonAnswer(await relay.audit(principal, siteOf(event), before), event)
      },
    }),
  )
