import * as z from 'zod/mini'
import { agentToRelay, type AgentToRelay } from '../../protocol/agent-to-relay.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { limits } from '../../protocol/limits.ts'
import { parseFrame } from '../../protocol/parse-frame.ts'
import { viewerToRelay, type ViewerToRelay } from '../../protocol/viewer-to-relay.ts'
import type { Caller } from './caller.ts'
import { asRelayError, RelayError, type About } from './errors.ts'
import { hello } from './publishing/hello.ts'
import { ping } from './connections/ping.ts'
import type { Ports } from './ports.ts'
import { post } from './post.ts'
import { publish } from './publishing/publish.ts'
import { renew } from './connections/renew.ts'
import { subscribe } from './watching/subscribe.ts'
import { sync } from './watching/sync.ts'
import { unsubscribe } from './watching/unsubscribe.ts'

const kinds = {
  hello: 'agent',
  publish: 'agent',
  subscribe: 'viewer',
  unsubscribe: 'viewer',
  sync: 'viewer',
  renew: 'viewer',
  ping: 'viewer',
} as const satisfies Record<(AgentToRelay | ViewerToRelay)['action'], Caller['kind']>

/** Takes one frame in, whatever it is. Never rejects: every fault is told as an `error` frame. */
export const said = async (ports: Ports, caller: Caller, text: string): Promise<void> => {
  try {
    await act(ports, caller, text)
  } catch (error) {
    await tellError(ports, caller, error).catch((failure: unknown) =>
      ports.log.error({ requestId: caller.requestId, error: String(failure) }, 'an error was lost'),
    )
  }
}

const act = async (ports: Ports, caller: Caller, text: string): Promise<void> => {
  const { action } = parsed(z.looseObject({ action: z.string() }), text)
  if (!Object.hasOwn(kinds, action))
    throw new RelayError(
      'unknown_action',
      `There is no action ${JSON.stringify(action.slice(0, 40))}.`,
    )
  if (kinds[action as keyof typeof kinds] !== caller.kind)
    throw new RelayError(
      'wrong_role',
      `A connection of kind ${caller.kind} may not send ${action}.`,
    )
  const frame = caller.kind === 'agent' ? parsed(agentToRelay, text) : parsed(viewerToRelay, text)
  ports.metrics.count('fluxrelay_frames_in_total', 1, frame.action)
  await perform(ports, caller, frame)
}

const parsed = <Schema extends z.ZodMiniType>(schema: Schema, text: string): z.infer<Schema> => {
  const result = parseFrame(schema, text)
  if (result.ok) return result.frame
  throw new RelayError(result.code, result.message)
}

const perform = (
  ports: Ports,
  caller: Caller,
  frame: AgentToRelay | ViewerToRelay,
): Promise<void> => {
  switch (frame.action) {
    case 'hello':
      return hello(ports, caller, frame)
    case 'publish':
      return publish(ports, caller, frame)
    case 'subscribe':
      return subscribe(ports, caller, frame)
    case 'unsubscribe':
      return unsubscribe(ports, caller, frame)
    case 'sync':
      return sync(ports, caller, frame)
    case 'renew':
      return renew(ports, caller, frame)
    case 'ping':
      return ping(ports, caller, frame)
    default:
      return frame satisfies never
  }
}

const tellError = async (ports: Ports, caller: Caller, error: unknown): Promise<void> => {
  const { connectionId, requestId } = caller
  const told = asRelayError(error)
  const { code, message, about, retryAfter } = told
  ports.metrics.count('fluxrelay_errors_total', 1, code)
  if (told === error) ports.log.info({ requestId, connectionId, code }, 'a frame was refused')
  else ports.log.error({ requestId, connectionId, code, error: String(error) }, 'a frame failed')
  await post(ports, connectionId, {
    type: 'error',
    code,
    message: message.slice(0, limits.longText),
    retryable: errorCodes[code].retryable,
    requestId: requestId.slice(0, limits.shortText),
    ...(retryAfter !== undefined && { retryAfter }),
    ...definedAbout(about),
  })
}

const definedAbout = ({ printerId, rid }: About) => ({
  ...(printerId !== undefined && { printerId }),
  ...(rid !== undefined && { rid }),
})
