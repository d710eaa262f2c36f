import { newPrinterSchema, renameSchema, revokeTokenSchema } from '../../protocol/rest-pairing.ts'
import type { Relay } from '../relay/create-relay.ts'
import type { RouteKeyOf } from '../routes.ts'
import { bodyOf } from './body.ts'
import { changing } from './changing.ts'
import { changed } from './http.ts'
import { printerOf, siteOf } from './query.ts'

/** Printers: codes for new ones and new tokens, names, removal. */
export const pairingHandler = (relay: Relay) =>
  changing<RouteKeyOf<'pairing'>>(relay, {
    'POST /v1/sites/{id}/pairing': async (person, event) => {
      const { name } = bodyOf(newPrinterSchema, event)
      return changed(await relay.newPrinterCode(person, siteOf(event), name))
    },
    'POST /v1/printers/{id}/pairing': async (person, event) =>
      changed(await relay.newTokenCode(person, printerOf(event))),
    'POST /v1/printers/{id}/name': async (person, event) => {
      await relay.renamePrinter(person, printerOf(event), bodyOf(renameSchema, event).name)
      return changed()
    },
    'POST /v1/printers/{id}/remove': async (person, event) => {
      await relay.removePrinter(person, printerOf(event))
      return changed()
    },
    'POST /v1/printers/{id}/tokens/revoke': async (person, event) => {
      const { version } = bodyOf(revokeTokenSchema, event)
      await relay.withdrawToken(person, printerOf(event), version)
      return changed()
    },
  })
