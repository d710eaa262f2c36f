import type { Relay } from '../relay/create-relay.ts'
import { jsonAnswer, watching } from './http.ts'
import { printerOf } from './query.ts'

/** `GET /v1/printers/{id}` */
export const printerHandler = (relay: Relay) =>
  watching(relay, async ({ principal }, event) => {
    const view = await relay.printerView(principal, printerOf(event))
    return jsonAnswer(view, event, { ...view, now: 0 })
  })
