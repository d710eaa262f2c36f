import * as z from 'zod/mini'
import { closingSchema } from './closing.ts'
import { errorFrameSchema } from './error-frame.ts'
import { eventFrameSchema } from './event-frame.ts'
import { pongSchema } from './pong.ts'
import { presenceSchema } from './presence.ts'
import { renewedSchema } from './renewed.ts'
import { stateFrameSchema } from './state-frame.ts'
import { subscribedSchema } from './subscribed.ts'

/** All that the relay says to a viewer. */
export const relayToViewer = z.discriminatedUnion('type', [
  stateFrameSchema,
  subscribedSchema,
  eventFrameSchema,
  presenceSchema,
  renewedSchema,
  pongSchema,
  errorFrameSchema,
  closingSchema,
])
export type RelayToViewer = z.infer<typeof relayToViewer>
