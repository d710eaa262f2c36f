import * as z from 'zod/mini'
import { limits } from '../../protocol/limits.ts'
import type { Relay } from '../relay/create-relay.ts'
import { jsonAnswer, watching } from './http.ts'
import { limitText, numberText, printerOf, queryOf } from './query.ts'

const querySchema = z.object({
  before: z.optional(numberText),
  limit: z._default(limitText(limits.printsPerPage), limits.printsPerPage),
})

/** `GET /v1/printers/{id}/prints` */
export const printsHandler = (relay: Relay) =>
  watching(relay, async ({ principal }, event) => {
    const { before, limit } = queryOf(querySchema, event)
    const page = await relay.prints(principal, printerOf(event), { before, limit })
    return jsonAnswer(page, event, { ...page, now: 0 })
  })
