import { byIdSchema } from '../../protocol/rest-invitations.ts'
import { newShareSchema } from '../../protocol/rest-shares.ts'
import type { Relay } from '../relay/create-relay.ts'
import type { RouteKeyOf } from '../routes.ts'
import { bodyOf } from './body.ts'
import { changing } from './changing.ts'
import { changed } from './http.ts'
import { siteOf } from './query.ts'

/** Share links, as owners make and withdraw them. */
export const sharesHandler = (relay: Relay) =>
  changing<RouteKeyOf<'shares'>>(relay, {
    'POST /v1/sites/{id}/shares': async (person, event) =>
      changed(await relay.makeShare(person, siteOf(event), bodyOf(newShareSchema, event))),
    'POST /v1/sites/{id}/shares/revoke': async (person, event) => {
      await relay.revokeShare(person, siteOf(event), bodyOf(byIdSchema, event).id)
      return changed()
    },
  })
