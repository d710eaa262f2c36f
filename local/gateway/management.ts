import type { IncomingMessage, ServerResponse } from 'node:http'
import { isConnectionId } from './connection-id.ts'
import type { Connection } from './connection.ts'
import { endings } from './endings.ts'
import type { Faults } from './faults.ts'
import type { GatewayLimits } from './limits.ts'
import { answerEmpty, answerError, answerJson } from './management-answer.ts'
import { mayManage } from './management-caller.ts'
import { managementTarget } from './management-target.ts'
import { readBody } from './read-body.ts'
import type { TokenBucket } from './token-bucket.ts'

export type PostOutcome = 'sent' | 'gone' | 'limited'

export interface ManagementDeps {
  readonly stage: string
  readonly accessKeyId: string
  readonly limits: GatewayLimits
  readonly faults: Faults
  readonly requests: TokenBucket
  readonly find: (id: string) => Connection | undefined
  readonly onPost: (outcome: PostOutcome) => void
}

const gone = (response: ServerResponse) =>
  answerError(response, 'GoneException', 'The connection is gone.')

const describe = (connection: Connection) => ({
  connectedAt: new Date(connection.facts.connectedAt).toISOString(),
  identity: {
    sourceIp: connection.facts.request.sourceIp,
    userAgent: connection.facts.request.userAgent,
  },
  lastActiveAt: new Date(connection.lastActiveAt()).toISOString(),
})

const send = (id: string, payload: Buffer, deps: ManagementDeps): PostOutcome => {
  const plan = deps.faults.plan()
  const connection = deps.faults.happens(plan.gone) ? undefined : deps.find(id)
  if (connection === undefined) return 'gone'
  const full = connection.unsentBytes() + payload.length > deps.limits.sendBufferBytes
  if (full || deps.faults.happens(plan.limited)) return 'limited'
  connection.post(payload)
  return 'sent'
}

const post = async (
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  deps: ManagementDeps,
): Promise<void> => {
  const body = await readBody(request, deps.limits.messageBytes)
  if (body.kind === 'cut') return
  if (body.kind === 'too-long') {
    answerError(response, 'PayloadTooLargeException', 'A message may have 128 KB.')
    return
  }
  const outcome = send(id, body.bytes, deps)
  deps.onPost(outcome)
  if (outcome === 'sent') answerEmpty(response, 200)
  else if (outcome === 'gone') gone(response)
  else answerError(response, 'LimitExceededException', 'Too many posts for this client.')
}

const onConnection = async (
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  deps: ManagementDeps,
): Promise<void> => {
  if (request.method === 'POST') return post(request, response, id, deps)
  const connection = deps.find(id)
  if (request.method !== 'GET' && request.method !== 'DELETE') {
    answerError(response, 'ForbiddenException', 'There is no such operation.')
  } else if (connection === undefined) {
    gone(response)
  } else if (request.method === 'GET') {
    answerJson(response, describe(connection))
  } else {
    connection.end(endings.deleted)
    answerEmpty(response, 204)
  }
}

/** Answers plain HTTP below the stage: the management API, and 426 where a WebSocket belongs. */
export const createManagement =
  (deps: ManagementDeps) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = managementTarget(request.url ?? '', deps.stage)
    if (target.kind === 'socket') {
      answerError(response, 'UpgradeRequiredException', 'Upgrade Required')
    } else if (target.kind === 'unknown' || !mayManage(request, deps.accessKeyId)) {
      answerError(response, 'ForbiddenException', 'Forbidden')
    } else if (!isConnectionId(target.id)) {
      answerError(response, 'BadRequestException', 'Invalid connectionId')
    } else if (!deps.requests.take()) {
      deps.onPost('limited')
      answerError(response, 'LimitExceededException', 'Too many requests.')
    } else {
      await onConnection(request, response, target.id, deps)
    }
  }
