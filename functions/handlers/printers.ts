import type { Relay } from '../relay/create-relay.ts'
import { jsonAnswer, watching } from './http.ts'

/** `GET /v1/printers` */
export const printersHandler = (relay: Relay) =>
  watching(relay, async ({ principal }, event) => {
    const list = await relay.listPrinters(principal)
    const tagged = list.printers.map((printer) => ({ ...printer, now: 0 }))
    return jsonAnswer(list, event, tagged)
  })
