import { printerIdSchema } from '../../protocol/ids.ts'
import type { Relay } from '../relay/create-relay.ts'
import { RelayError } from '../relay/errors.ts'
import { jsonAnswer, signedIn } from './http.ts'

/** `GET /v1/printers/{id}` */
export const printerHandler = (relay: Relay) =>
  signedIn(relay, async ({ principal }, event) => {
    const id = printerIdSchema.safeParse(event.pathParameters?.['id'])
    if (!id.success) throw new RelayError('not_found', 'No such printer, or no right to see it.')
    const view = await relay.printerView(principal, id.data)
    return jsonAnswer(view, event, { ...view, now: 0 })
  })
