import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { BroadcastBatch } from '../relay/watching/broadcast-batch.ts'
import type { Log } from '../relay/ports.ts'

export interface LambdaInvokerOptions {
  readonly client: LambdaClient
  readonly functionName: string
  readonly log: Log
}

/**
 * Hands a batch to the `broadcast` Lambda, asynchronously. A batch that cannot be handed over is
 * dropped as a frame is: the next state heals it, and events are paged for.
 */
export const lambdaInvoker =
  ({ client, functionName, log }: LambdaInvokerOptions) =>
  async (batch: BroadcastBatch): Promise<void> => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(batch)),
    })
    try {
      await client.send(command, { abortSignal: AbortSignal.timeout(timeOuts.post) })
    } catch (error) {
      log.warn({ functionName, error: String(error) }, 'a batch was not handed over')
    }
  }

/** The same as the Lambdas have it, tried once; credentials and region from where the SDK finds them. */
export const lambdaInvokerOf = (functionName: string, log: Log) =>
  lambdaInvoker({ client: new LambdaClient({ maxAttempts: 1 }), functionName, log })
