import type { Publish } from '../../../protocol/publish.ts'
import { generationOfCaller, type Caller } from '../caller.ts'
import { present } from '../table/condition.ts'
import { unstored, writeTaking } from '../limits/connection-rates.ts'
import { stateKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { frameRate, judgeRefusal, stateWrite, type Refusal } from './publish-conditions.ts'
import { rateLimited, takeFrom } from '../limits/rate-limit.ts'
import { takingFromFull, takingFromRest } from '../limits/riding-bucket.ts'
import { readState, type StateItem } from './state-item.ts'

export interface Published {
  readonly printerId: string
  readonly caller: Caller
  readonly frame: Publish
  /** When the relay took the frame in. */
  readonly now: number
}

/** Why a frame's state was not stored, and what is stored. */
export interface Refused {
  readonly refusal: Refusal
  readonly stored: StateItem | undefined
}

/** Each round but the last means that another frame got in between. */
const tries = 4

/**
 * Stores a frame's state: in the usual case with one update. `undefined` when it is stored; throws
 * `rate_limited` when it came too soon, and then nothing of the frame is kept.
 */
export const storeState = async (
  ports: Ports,
  published: Published,
): Promise<Refused | undefined> => {
  const { printerId, caller, frame, now } = published
  const gen = generationOfCaller(caller)
  const key = stateKey(printerId)
  if ((await ports.live.update(key, ...stateWrite(gen, frame, now))) === 'done') return undefined
  for (let left = tries; left > 0; left -= 1) {
    const stored = await readState(ports, printerId)
    const refusal = judgeRefusal(gen, frame, stored, now)
    if (refusal !== 'too soon' || !stored) return noted(ports, caller, { refusal, stored })
    const due = stored.due ?? 0
    const taken = takeFrom(frameRate.bucket, due, now)
    if (!taken.taken) throw rateLimited('frames', taken.retryAfter, { printerId })
    const taking = due > now ? takingFromRest(frameRate, now) : takingFromFull(frameRate, now)
    const write = stateWrite(gen, frame, now, taking)
    if ((await ports.live.update(key, ...write)) === 'done') return undefined
  }
  throw rateLimited('frames at once', frameRate.bucket.everyMs, { printerId })
}

/** What is not stored has a bucket of its own: it costs more and may come with events. */
const noted = async (ports: Ports, caller: Caller, refused: Refused): Promise<Refused> => {
  await writeTaking(ports, caller.connectionId, unstored, { change: {}, when: present('pk') })
  return refused
}
