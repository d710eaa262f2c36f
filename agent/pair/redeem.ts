import { errorBodySchema } from '../../protocol/error-frame.ts'
import { redeemedCodeSchema, type RedeemedCode } from '../../protocol/rest-pairing.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { textOf } from '../mapping/tolerant.ts'
import { urlBelow } from '../http/url-below.ts'
import { agentVersion } from '../version.ts'
import { call, type Called } from './call.ts'
import { PairError } from './errors.ts'
import type { FoundRelay } from './find-relay.ts'
import type { PairPorts } from './ports.ts'
import { relayTrouble } from './relay-trouble.ts'

const again = 'make a new code on the page where you watch'

/** Shows the relay the code, once, and gets the printer's token for it. */
export const redeem = async (
  ports: PairPorts,
  { api, origin }: FoundRelay,
  code: string,
): Promise<RedeemedCode> => {
  const answer = await call(ports, {
    url: urlBelow(api, 'v1/pairing/redeem'),
    method: 'POST',
    body: { code, version: agentVersion },
    ms: timeOuts.restRequest,
  }).catch((error: unknown) => {
    if (!(error instanceof PairError)) throw error
    throw new PairError(error.code, `${error.message}; the code may be used up: ${again}`)
  })
  if (answer.kind === 'failed') {
    const { code: why, message } = relayTrouble(new URL(api).host, answer.code)
    throw new PairError(why, `${message}; if the code is refused after that, ${again}`)
  }
  const redeemed = answer.status === 200 ? redeemedCodeSchema.safeParse(answer.json) : undefined
  if (redeemed?.success === true) return redeemed.data
  throw refusal(answer, origin)
}

const refusal = (
  { status, headers, json }: Extract<Called, { kind: 'answered' }>,
  origin: string,
): PairError => {
  const parsed = errorBodySchema.safeParse(json)
  if (!parsed.success)
    return new PairError(
      'relay_refuses',
      `the relay at ${origin} gives an answer that this agent does not know (${status}): is one of them much older? The code may be used up: ${again}`,
    )
  const { code, retryable, retryAfter, requestId } = parsed.data.error
  if (code === 'secret_not_valid')
    return new PairError(
      'wrong_code',
      `the relay does not take this code: it is mistyped, used up or older than ten minutes. If it is right, ${again}`,
    )
  if (code === 'rate_limited') {
    const seconds = Math.ceil(
      (retryAfter ?? Number(headers.get('retry-after') ?? 60) * 1000) / 1000,
    )
    return new PairError('too_often', `too many codes were tried: try again ${after(seconds)}`)
  }
  const request = textOf(requestId, 64) ?? 'unknown'
  return new PairError(
    'relay_refuses',
    retryable
      ? `the relay at ${origin} has a fault (${code}, request ${request}): try again in a minute; if the code is refused then, ${again}`
      : `the relay at ${origin} refuses this agent (${code}, request ${request}): tell its operator`,
  )
}

const after = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return 'in a minute'
  return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`
}
