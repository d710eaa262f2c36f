import * as z from 'zod/mini'
import { pingSchema } from './ping.ts'
import { renewSchema } from './renew.ts'
import { subscribeSchema } from './subscribe.ts'
import { syncSchema } from './sync.ts'
import { unsubscribeSchema } from './unsubscribe.ts'

/** All that a viewer says. */
export const viewerToRelay = z.discriminatedUnion('action', [
  subscribeSchema,
  unsubscribeSchema,
  syncSchema,
  renewSchema,
  pingSchema,
])
export type ViewerToRelay = z.infer<typeof viewerToRelay>
