import * as z from 'zod/mini'

/**
 * What API Gateway itself says to a client when its frame came to nothing: a handler that failed or
 * took too long, or too many requests. It has no `type`; whatever was asked is asked again by its
 * own time-out.
 */
export const gatewayNoticeSchema = z.object({
  message: z.string(),
  connectionId: z.string(),
  requestId: z.string(),
})
