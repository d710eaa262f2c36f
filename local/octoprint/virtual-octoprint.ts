import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleepMs } from 'node:timers/promises'
import { answerHttp } from './answer-http.ts'
import { createAppKeys, type AppKeys } from './app-keys.ts'
import { faultSwitches, type Faults } from './faults.ts'
import { keyOf, newKey, readOnlyUser, type KeyUser } from './keys.ts'
import { createListener } from './listener.ts'
import { replyTo } from './reply-to.ts'
import { countRequests, type RequestLog } from './request-log.ts'
import type { Answers, Scenario } from './scenario.ts'
import { traitsOf } from './version-traits.ts'

export type VirtualOctoPrintOptions = {
  readonly scenario: Scenario
  /** The key that is accepted from the start; random unless given, there is no default. */
  readonly key?: string
  /** Whom keys stand for; a read-only user unless given. */
  readonly user?: KeyUser
  /** The clock that drives the scenario and the key requests, in ms. */
  readonly now?: () => number
  /** Waits for slow answers. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random?: (bytes: number) => Buffer
  readonly host?: string
  /** 0, any free port, unless given. */
  readonly port?: number
  /** Grants key requests by itself at this poll; waits for `appKeys.grant` unless given. */
  readonly autoGrantAfterPolls?: number
}

/** An OctoPrint with an HTTP API and no printer: answers come from a scenario. */
export interface VirtualOctoPrint {
  /** Starts to listen; returns the URL, such as `http://127.0.0.1:40123`. */
  listen(): Promise<string>
  /** The URL; throws before `listen`. */
  readonly url: string
  readonly key: string
  readonly faults: Faults
  readonly requests: RequestLog
  readonly appKeys: AppKeys
  /** What the three paths would answer at this moment, faults aside. */
  current(): Answers
  /** Serves another scenario, from its start. */
  play(scenario: Scenario): void
  /** From now on another version of OctoPrint answers (its manners, not the scenario's shapes). */
  setVersion(version: string): void
  /** No key is accepted any more, or not this one. */
  revoke(key?: string): void
  /** Accepts one more key. */
  accept(key: string, user?: KeyUser): void
  /** Refuses connections, as while OctoPrint restarts. */
  goDown(): Promise<void>
  /** Listens again, on the same port. */
  comeBack(): Promise<void>
  close(): Promise<void>
}

export const createVirtualOctoPrint = (options: VirtualOctoPrintOptions): VirtualOctoPrint => {
  const { now = Date.now, random = randomBytes, user = readOnlyUser } = options
  const sleep = options.sleep ?? ((ms, signal) => sleepMs(ms, undefined, { signal }))
  let { scenario } = options
  let version = scenario.octoprint
  let startedAt = now()
  const traits = () => traitsOf(version)
  const key = options.key ?? newKey(traits().keyLength, random)
  const users = new Map([[key, user]])
  const { faults, take } = faultSwitches()
  const { log, saw } = countRequests()
  const appKeys = createAppKeys({
    now,
    newToken: () => newKey(traits().keyLength, random),
    issueKey: () => {
      const issued = newKey(traits().keyLength, random)
      users.set(issued, user)
      return issued
    },
    limited: () => traits().limitsKeyRequests,
    autoGrantAfterPolls: options.autoGrantAfterPolls,
  })
  const current = () => scenario.at(now() - startedAt)
  const userOf = ({ headers }: IncomingMessage) => users.get(keyOf(headers) ?? '')
  const listener = createListener(
    { host: options.host ?? '127.0.0.1', port: options.port ?? 0 },
    answerHttp({
      saw,
      takeFault: take,
      sleep,
      closesAfterGet: () => traits().closesAfterGet,
      replyTo: replyTo({ userOf, current, appKeys, version: () => version }),
    }),
  )
  return {
    listen: listener.listen,
    get url() {
      return listener.url()
    },
    key,
    faults,
    requests: log,
    appKeys,
    current,
    play: (next) => {
      scenario = next
      version = next.octoprint
      startedAt = now()
    },
    setVersion: (next) => {
      version = next
    },
    revoke: (revoked) => {
      if (revoked === undefined) users.clear()
      else users.delete(revoked)
    },
    accept: (accepted, as = user) => void users.set(accepted, as),
    goDown: listener.close,
    comeBack: async () => void (await listener.listen()),
    close: listener.close,
  }
}
