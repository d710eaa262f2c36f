import { setImmediate } from 'node:timers/promises'
import { createRelay, type Relay } from '../../functions/relay/create-relay.ts'
import type { Ports } from '../../functions/relay/ports.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { scheduled, type Step } from '../support/scheduled-table.ts'
import type { World } from './world.ts'

/** Where a handler can be overtaken: a call of a table, or a post. */
export type Point = Step | { readonly when: 'before'; readonly call: 'send' | 'close' | 'isOpen' }

/** A handler at work; it goes on only when it is its turn. */
export interface Actor {
  readonly name: string
  /** May end between any two of its calls, as a Lambda that is killed. */
  readonly mayCrash?: boolean
  run(relay: Relay, ports: Ports): Promise<void>
}

export interface Scenario {
  readonly world: World
  readonly actors: readonly Actor[]
  /** Throws when the property does not hold at the end. */
  check(outcome: Outcome): Promise<void> | void
}

export interface Outcome {
  readonly crashed: ReadonlySet<string>
  readonly trace: readonly string[]
}

export interface Exploration {
  readonly points?: (point: Point) => boolean
  /** Puts something between handler and table, below the scheduler: a broken variant. */
  readonly variant?: (table: Table) => Table
}

interface Waiting {
  readonly name: string
  readonly go: () => void
  readonly at: string
  readonly mayCrash: boolean
}

/** Picks one of `count` choices. */
export type Choose = (count: number) => number

/** Only what several handlers of these schemes touch; the rest commutes. */
export const sharedPoints = (point: Point): boolean => {
  if (point.when === 'after') return false
  if (!('key' in point)) return true
  const { pk = '', sk = '' } = point.key
  if (pk.startsWith('C#')) return false
  return pk.startsWith('P#') && sk !== 'PRINTER'
}

/** The calls about a printer's live items, without the posts. */
export const tablePoints = (point: Point): boolean => sharedPoints(point) && 'key' in point

/** The calls about STATE alone. */
export const statePoints = (point: Point): boolean =>
  point.when === 'before' && 'key' in point && point.key.sk === 'STATE'

/** STATE, and the queries that a fan-out makes. */
export const ownerPoints = (point: Point): boolean =>
  statePoints(point) || (tablePoints(point) && point.call === 'query')

/** Runs a scenario once, each turn as `choose` says. */
export const runOnce = async (
  scenario: Scenario,
  choose: Choose,
  { points = sharedPoints, variant = (table) => table }: Exploration = {},
): Promise<void> => {
  const { world, actors } = scenario
  // A fan-out posts in parallel, so one handler can wait at several points.
  const waiting = new Map<number, Waiting>()
  let turns = 0
  const crashed = new Set<string>()
  const trace: string[] = []
  const failures: unknown[] = []
  for (const actor of actors) {
    const turn = (point: Point): Promise<void> =>
      points(point)
        ? new Promise((go) => {
            const { name, mayCrash = false } = actor
            if (crashed.has(name)) return
            waiting.set(turns++, { name, go, at: `${name} ${describe(point)}`, mayCrash })
          })
        : Promise.resolve()
    const ports = inTurns(world.ports, turn, variant)
    const relay = createRelay(ports, { origins: [], admission: noRule })
    actor.run(relay, ports).catch((error: unknown) => failures.push(error))
  }
  await setImmediate()
  while (waiting.size > 0) {
    const options = [...waiting].flatMap(([turn, { mayCrash }]) =>
      mayCrash && crashed.size === 0
        ? [
            { turn, crash: false },
            { turn, crash: true },
          ]
        : [{ turn, crash: false }],
    )
    const option = options[options.length === 1 ? 0 : choose(options.length)]
    const next = option && waiting.get(option.turn)
    if (!option || !next) break
    waiting.delete(option.turn)
    trace.push(`${next.at}${option.crash ? ' (killed)' : ''}`)
    if (option.crash) {
      crashed.add(next.name)
      for (const [turn, { name }] of waiting) if (name === next.name) waiting.delete(turn)
    } else next.go()
    await setImmediate()
  }
  if (failures.length > 0) throw failures[0]
  await scenario.check({ crashed, trace })
}

const noRule = { emails: [], domains: [], group: undefined } as const

const describe = (point: Point): string =>
  'key' in point ? `${point.call} ${point.key.pk ?? ''} ${point.key.sk ?? ''}` : point.call

const inTurns = (
  ports: Ports,
  turn: (point: Point) => Promise<void>,
  variant: (table: Table) => Table,
): Ports => {
  const { sender } = ports
  return {
    ...ports,
    live: variant(scheduled(ports.live, { turn })),
    directory: variant(scheduled(ports.directory, { turn })),
    sender: {
      send: async (to, text) => {
        await turn({ when: 'before', call: 'send' })
        return sender.send(to, text)
      },
      close: async (to) => {
        await turn({ when: 'before', call: 'close' })
        return sender.close(to)
      },
      isOpen: async (id) => {
        await turn({ when: 'before', call: 'isOpen' })
        return sender.isOpen(id)
      },
    },
  }
}

/** Every interleaving, depth first, each from a fresh world. Answers how many there were. */
export const explore = async (
  make: () => Promise<Scenario>,
  exploration: Exploration = {},
): Promise<number> => {
  const path: { taken: number; of: number }[] = []
  for (let runs = 1; ; runs++) {
    let depth = 0
    const choose: Choose = (of) => {
      const step = (path[depth] ??= { taken: 0, of })
      depth++
      return step.taken
    }
    await runOnce(await make(), choose, exploration)
    while (path.length > 0) {
      const last = path[path.length - 1]
      if (last && ++last.taken < last.of) break
      path.pop()
    }
    if (path.length === 0) return runs
  }
}

/** Whether some interleaving breaks the property: that the test bites. */
export const breaks = async (
  make: () => Promise<Scenario>,
  exploration: Exploration = {},
): Promise<boolean> => {
  try {
    await explore(make, exploration)
    return false
  } catch (error) {
    // Only a property that does not hold counts; a fault of the variant itself would hide that.
    if (error instanceof Error && error.name === 'AssertionError') return true
    throw error
  }
}
