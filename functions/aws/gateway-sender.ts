import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Log, PostOutcome, Sender } from '../relay/ports.ts'

export interface GatewaySenderOptions {
  readonly client: ApiGatewayManagementApiClient
  readonly log: Log
}

/**
 * Posts by the management API, tried once: the SDK's own three tries of a 429 take two seconds, in
 * which a newer frame came. The outcome is read from the status, because the SDK knows an error's
 * name only by a header that may be missing.
 */
export const gatewaySender = ({ client, log }: GatewaySenderOptions): Sender => ({
  send: async (ConnectionId, text) => {
    try {
      await client.send(new PostToConnectionCommand({ ConnectionId, Data: text }), limits())
      return 'sent'
    } catch (error) {
      const outcome = outcomeOf(statusOf(error))
      if (outcome === 'failed')
        log.warn({ connectionId: ConnectionId, error: String(error) }, 'a post failed')
      return outcome
    }
  },
  close: async (ConnectionId) => {
    try {
      await client.send(new DeleteConnectionCommand({ ConnectionId }), limits())
    } catch (error) {
      if (statusOf(error) !== 410) throw error
    }
  },
  isOpen: async (ConnectionId) => {
    try {
      await client.send(new GetConnectionCommand({ ConnectionId }), limits())
      return true
    } catch (error) {
      return statusOf(error) !== 410
    }
  },
})

const limits = () => ({ abortSignal: AbortSignal.timeout(timeOuts.post) })

export const outcomeOf = (status: number | undefined): PostOutcome => {
  if (status === 410) return 'gone'
  return status === 429 ? 'throttled' : 'failed'
}

const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}
