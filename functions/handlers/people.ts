import { bySecretSchema, byIdSchema, inviteSchema } from '../../protocol/rest-invitations.ts'
import { renameSchema } from '../../protocol/rest-pairing.ts'
import { changeRoleSchema, removePersonSchema } from '../../protocol/rest-sites.ts'
import type { Relay } from '../relay/create-relay.ts'
import type { RouteKeyOf } from '../routes.ts'
import { bodyOf } from './body.ts'
import { changing } from './changing.ts'
import { changed } from './http.ts'
import { printerOf, siteOf } from './query.ts'

/** Who belongs to a site: names, roles, invitations, leaving. */
export const peopleHandler = (relay: Relay) =>
  changing<RouteKeyOf<'people'>>(relay, {
    'POST /v1/sites/{id}/name': async (person, event) => {
      await relay.renameSite(person, siteOf(event), bodyOf(renameSchema, event).name)
      return changed()
    },
    'POST /v1/sites/{id}/people/role': async (person, event) => {
      await relay.changeRole(person, siteOf(event), bodyOf(changeRoleSchema, event))
      return changed()
    },
    'POST /v1/sites/{id}/people/remove': async (person, event) => {
      await relay.removePerson(person, siteOf(event), bodyOf(removePersonSchema, event))
      return changed()
    },
    'POST /v1/sites/{id}/leave': async (person, event) => {
      await relay.leaveSite(person, siteOf(event))
      return changed()
    },
    'POST /v1/printers/{id}/leave': async (person, event) => {
      await relay.leavePrinter(person, printerOf(event))
      return changed()
    },
    'POST /v1/sites/{id}/invitations': async (person, event) =>
      changed(await relay.invite(person, siteOf(event), bodyOf(inviteSchema, event))),
    'POST /v1/sites/{id}/invitations/withdraw': async (person, event) => {
      await relay.withdrawInvitation(person, siteOf(event), bodyOf(byIdSchema, event).id)
      return changed()
    },
    'POST /v1/invitations/look': async (person, event) =>
      changed(await relay.lookAtInvitation(person, bodyOf(bySecretSchema, event).secret)),
    'POST /v1/invitations/accept': async (person, event) =>
      changed(await relay.acceptInvitation(person, bodyOf(bySecretSchema, event).secret)),
  })
