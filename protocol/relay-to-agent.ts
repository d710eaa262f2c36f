import * as z from 'zod/mini'
import { ackSchema } from './ack.ts'
import { closingSchema } from './closing.ts'
import { demandSchema } from './demand.ts'
import { errorFrameSchema } from './error-frame.ts'
import { redialSchema } from './redial.ts'
import { resyncSchema } from './resync.ts'
import { welcomeSchema } from './welcome.ts'

/** All that the relay says to an agent. */
export const relayToAgent = z.discriminatedUnion('type', [
  welcomeSchema,
  ackSchema,
  demandSchema,
  resyncSchema,
  redialSchema,
  closingSchema,
  errorFrameSchema,
])
export type RelayToAgent = z.infer<typeof relayToAgent>
