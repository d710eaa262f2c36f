import * as z from 'zod/mini'
import { parseFrame } from './parse-frame.ts'

/**
 * What API Gateway itself says to a client when its frame came to nothing: a handler that failed or
 * took too long, or too many requests. It has no `type`; whatever was asked is asked again by its
 * own time-out.
 */
const gatewayNoticeSchema = z.object({
  message: z.string(),
  connectionId: z.string(),
  requestId: z.string(),
})

/** Whether a text that is no frame of the relay is the gateway's own (LINK-7). */
export const isGatewayNotice = (text: string): boolean => parseFrame(gatewayNoticeSchema, text).ok
