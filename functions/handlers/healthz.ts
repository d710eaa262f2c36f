import type { Relay } from '../relay/create-relay.ts'
import { printerKey, stateKey } from '../relay/table/keys.ts'
import { answering, jsonHeaders } from './error-answer.ts'

interface HealthEvent {
  readonly requestContext: { readonly requestId: string }
}

/** `GET /healthz`: answers when both tables answer. */
export const healthzHandler = (relay: Relay) => (event: HealthEvent) =>
  answering(
    relay.ports,
    () => event.requestContext.requestId,
    async () => {
      const { live, directory } = relay.ports
      await Promise.all([live.get(stateKey('healthz')), directory.get(printerKey('healthz'))])
      return { statusCode: 200, headers: { ...jsonHeaders }, body: JSON.stringify({ ok: true }) }
    },
  )
