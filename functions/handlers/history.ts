import * as z from 'zod/mini'
import type { Relay } from '../relay/create-relay.ts'
import { compressed } from './compressed.ts'
import { jsonAnswer, watching } from './http.ts'
import { numberText, printerOf, queryOf } from './query.ts'

const querySchema = z
  .object({
    from: z.optional(numberText),
    to: z.optional(numberText),
    resolution: z.optional(
      z.pipe(numberText, z.number().check(z.minimum(1000), z.maximum(7 * 24 * 3_600_000))),
    ),
  })
  .check(
    z.refine(({ from, to }) => from === undefined || to === undefined || from < to, {
      error: '`from` is before `to`',
    }),
  )

/** `GET /v1/printers/{id}/history` */
export const historyHandler = (relay: Relay) =>
  watching(relay, async ({ principal }, event) => {
    const { from, to, resolution } = queryOf(querySchema, event)
    const history = await relay.history(principal, printerOf(event), { from, to, resolution })
    return compressed(jsonAnswer(history, event, { ...history, now: 0 }), event)
  })
