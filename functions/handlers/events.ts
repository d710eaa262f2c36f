import * as z from 'zod/mini'
import { limits } from '../../protocol/limits.ts'
import type { Relay } from '../relay/create-relay.ts'
import type { EventWish } from '../relay/past/read-events.ts'
import { jsonAnswer, watching } from './http.ts'
import { limitText, numberText, printerOf, queryOf } from './query.ts'

const querySchema = z
  .object({
    after: z.optional(numberText),
    before: z.optional(numberText),
    limit: z._default(limitText(limits.eventsPerPage), limits.eventsPerPage),
  })
  .check(
    z.refine(({ after, before }) => after === undefined || before === undefined, {
      error: 'either `after` or `before`',
    }),
  )

const wishOf = ({ after, before, limit }: z.infer<typeof querySchema>): EventWish =>
  after === undefined
    ? { kind: 'newest', below: before, limit }
    : { kind: 'after', cursor: after, limit }

/** `GET /v1/printers/{id}/events` */
export const eventsHandler = (relay: Relay) =>
  watching(relay, async ({ principal }, event) => {
    const wish = wishOf(queryOf(querySchema, event))
    const page = await relay.events(principal, printerOf(event), wish)
    return jsonAnswer(page, event, { ...page, now: 0 })
  })
