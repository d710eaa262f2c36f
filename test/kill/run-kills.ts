import { randomAt } from '../../local/octoprint/synthetic-noise.ts'
import { makeGround, type Ground, type VictimName } from './ground.ts'
import { killOften } from './killer.ts'
import { quickPrints } from './prints.ts'
import { faultsOf, nameOf, type Happening } from './timeline.ts'
import { pastFaults } from './past.ts'

export interface KillOptions {
  readonly victim: VictimName
  readonly times: number
  readonly seed: number
}

export interface KillResult {
  /** What was lost, doubled or out of order; empty is what is wanted. */
  readonly faults: readonly string[]
  readonly figures: Readonly<Record<string, number>>
}

class NotSeen extends Error {
  override readonly name = 'NotSeen'
}

/** So long (ms) nothing may take: an agent waits up to half a minute between two tries. */
const patience = 90_000

/** Kills one of the processes so many times while prints go on, and looks at what is left. */
export const runKills = async ({ victim, times, seed }: KillOptions): Promise<KillResult> => {
  const started = performance.now()
  const ground = await makeGround(victim)
  try {
    const work = workOn(ground, times, seed)
    return await Promise.race([work.then((left) => result(ground, left, started)), ground.died])
  } finally {
    await ground.remove()
  }
}

interface Left {
  readonly happened: readonly Happening[]
  readonly prints: number
  /** ms since 1970. */
  readonly began: number
  /** Since then (ms since 1970) nobody was killed, and an agent was seen at work. */
  readonly calmSince: number
  /** Whether there is time for what takes long. */
  readonly thorough: boolean
}

const workOn = async (ground: Ground, times: number, seed: number): Promise<Left> => {
  const { printer, outbox, follower, victim } = ground
  const began = Date.now()
  const happened: Happening[] = []
  const [forPrints, forKills] = [randomFrom(seed, 1), randomFrom(seed, 2)]
  const isShown = (name: string) => follower.shown.some(({ body }) => nameOf(body) === name)
  const until = async (what: string, holds: () => boolean) => {
    await once(what, holds, [outbox.onChange, follower.onShown])
  }
  const prints = quickPrints({
    ...{ show: printer.show, random: forPrints, happened },
    seen: (name) => until(name, () => outbox.kept.has(name) || isShown(name)),
  })
  await until('an agent begins', outbox.begun)
  let killing = true
  const kills = killOften({
    ...{ times, random: forKills, kill: () => victim.kill() },
    nextWrite: () => next(outbox.onChange),
    nextShown: () => next(follower.onShown),
  }).finally(() => (killing = false))
  const printing = async () => {
    while (killing) await prints.next()
  }
  await Promise.all([kills, printing()])
  await prints.last()
  const calmSince = Date.now()
  const newest = happened.at(-1)?.name ?? ''
  await until(`the viewer shows ${newest}`, () => isShown(newest))
  await until('the outbox is empty', () => outbox.pending() === 0)
  return { happened, prints: prints.count(), began, calmSince, thorough: times >= 10 }
}

const result = async (ground: Ground, left: Left, started: number): Promise<KillResult> => {
  const { outbox, follower, victim } = ground
  const log = await follower.wholeLog()
  const faults = [
    ...faultsOf(log, left.happened, outbox.kept),
    ...faultsOf(follower.shown, left.happened, outbox.kept).map((fault) => `viewer: ${fault}`),
    ...(await pastFaults(ground, log, left)),
  ]
  const seconds = Math.round((performance.now() - started) / 1000)
  const unseen = left.happened.filter(({ must }) => !must).length
  return {
    faults,
    figures: {
      ...{ kills: victim.starts() - 1, seconds, prints: left.prints },
      ...{ happened: left.happened.length, thereof_unseen_perhaps: unseen },
      ...{ kept: outbox.kept.size, logged: log.length, shown: follower.shown.length },
    },
  }
}

const randomFrom = (seed: number, use: number) => {
  let n = 0
  return () => randomAt(seed, use, n++)
}

type Listen = (listener: () => void) => () => void

const next = (listen: Listen): Promise<void> =>
  new Promise((resolve) => {
    const stop = listen(() => {
      stop()
      resolve()
    })
  })

const once = (what: string, holds: () => boolean, listens: readonly Listen[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    const end = () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
    const timer = setTimeout(() => {
      end()
      reject(new NotSeen(`waited ${patience / 1000} s in vain: ${what}`))
    }, patience)
    const look = () => {
      if (!holds()) return
      end()
      resolve()
    }
    for (const listen of listens) stops.push(listen(look))
    look()
  })
