import { createRelay, type Relay } from '../../functions/relay/create-relay.ts'
import { broadcast } from '../../functions/relay/watching/fan-out.ts'
import type { Metrics, Ports, Sender } from '../../functions/relay/ports.ts'
import type { LogFields } from '../../functions/relay/ports.ts'
import { TableError } from '../../functions/relay/table/table-error.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { second, type Ground } from './ground.ts'
import type { Random } from './random.ts'

/** How a handler's run ended: only the first has effects that are known to be whole. */
export type Ending<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'killed' | 'late' }

/** What a variant of the relay changes: to show that the properties notice. */
export interface Variant {
  readonly table?: (table: Table, name: 'live' | 'directory') => Table
  readonly relay?: (relay: Relay, ports: Ports) => Relay
}

export interface Work {
  readonly alive: boolean
  readonly label: string
}

export interface Invocations {
  /** Runs a handler as a Lambda would: beside all others, ended by its time-out or killed. */
  invoke<T>(
    label: string,
    work: (relay: Relay) => Promise<T>,
    ended: (how: Ending<T>) => void,
  ): void
  /** Ends every handler at work, in the middle. */
  killAll(): void
  readonly running: number
  readonly counted: ReadonlyMap<string, number>
}

export interface InvocationDeps {
  readonly ground: Ground
  readonly live: Table
  readonly directory: Table
  readonly sender: (turn: Turn) => Sender
  /** The relay's clock, ms since 1970. */
  readonly now: () => number
  readonly variant: Variant
  readonly origins: readonly string[]
}

/** Waits for its turn; never comes back when the handler was ended meanwhile. */
export type Turn = (label: string, ms: number) => Promise<void>

interface Running extends Work {
  alive: boolean
  end: (how: Ending<never>) => void
}

export const createInvocations = (deps: InvocationDeps): Invocations => {
  const { ground, variant } = deps
  const { loop, faults, random } = ground
  const running = new Set<Running>()
  const counted = new Map<string, number>()
  const metrics: Metrics = {
    count: (name, n = 1, label) => {
      const key = label === undefined ? name : `${name}{${label}}`
      counted.set(key, (counted.get(key) ?? 0) + n)
    },
    observe: () => {},
  }
  const log = logOf(ground)
  const bytes = (count: number) => random.bytes(count)

  const turnOf =
    (run: Running): Turn =>
    (label, ms) =>
      new Promise((resolve) => {
        if (!run.alive) return
        const slow = faults.happens('handler slow')
          ? faults.random('handler slow').between(0.5, 6) * second
          : 0
        loop.after(ms + slow, `${run.label}: ${label}`, () => {
          if (!run.alive) return
          if (faults.happens('handler killed')) run.end({ kind: 'killed' })
          else resolve()
        })
      })

  const portsOf = (run: Running): Ports => {
    const turn = turnOf(run)
    const through = (table: Table, name: 'live' | 'directory') => {
      const slow = slowTable(ground, table, turn)
      return variant.table?.(slow, name) ?? slow
    }
    const ports: Ports = {
      live: through(deps.live, 'live'),
      directory: through(deps.directory, 'directory'),
      sender: deps.sender(turn),
      now: deps.now,
      randomBytes: bytes,
      invokeBroadcast: (batch) => broadcast(ports, batch),
      log,
      metrics,
    }
    return ports
  }
  return {
    invoke: (label, work, ended) => {
      const run: Running = { alive: true, label, end: () => {} }
      const end = (how: Parameters<typeof ended>[0]) => {
        if (!run.alive) return
        run.alive = false
        running.delete(run)
        cancel()
        if (how.kind !== 'done') ground.note(`${label} ended: ${how.kind}`)
        ended(how)
      }
      run.end = end
      running.add(run)
      const cancel = loop.after(timeOuts.handler, `${label}: time-out`, () => end({ kind: 'late' }))
      loop.after(random.between(1, 12), `${label}: starts`, () => {
        if (!run.alive) return
        const ports = portsOf(run)
        const made = createRelay(ports, { origins: deps.origins, admission: noRule })
        const relay = variant.relay?.(made, ports) ?? made
        work(relay).then(
          (value) => end({ kind: 'done', value }),
          (error: unknown) => end({ kind: 'threw', error }),
        )
      })
    },
    killAll: () => {
      for (const run of [...running]) run.end({ kind: 'killed' })
    },
    get running() {
      return running.size
    },
    counted,
  }
}

const noRule = { emails: [], domains: [], group: undefined } as const

/** A fault of ours shows as an error that no fault of the run explains. */
const logOf = (ground: Ground): Ports['log'] => ({
  debug: () => {},
  info: () => {},
  warn: (_fields, message) => ground.note(`relay warns: ${message}`),
  error: (fields: LogFields, message: string) => {
    const error = String(fields['error'])
    ground.note(`relay error: ${message} ${error}`)
    if (!/TableError|InjectedFault/.test(error))
      ground.violated('no fault of the relay itself', `${message}: ${error}`)
  },
})

/** A table whose every call takes its turn, and may fail as DynamoDB does. */
const slowTable = (ground: Ground, table: Table, turn: Turn): Table => {
  const { faults, random } = ground
  const call = async <T>(label: string, run: () => Promise<T>): Promise<T> => {
    await turn(label, latency(random))
    if (faults.happens('store throttled'))
      throw new TableError('throttled', `${label} was throttled by a fault of the run`)
    if (faults.happens('store hangs')) {
      await turn(`${label} hangs`, timeOuts.store)
      throw new TableError('timeout', `${label} hung by a fault of the run`)
    }
    const answer = await settled(run)
    if (faults.happens('store answer lost')) {
      await turn(`${label} answer lost`, timeOuts.store)
      throw new TableError('timeout', `the answer of ${label} was lost by a fault of the run`)
    }
    if (faults.happens('answer late'))
      await turn(`${label} answered`, faults.random('answer late').between(1, 80))
    return answer()
  }
  const name = ({ pk, sk }: { pk: string; sk?: string }) => `${pk} ${sk ?? ''}`
  return {
    get: (key) => call(`get ${name(key)}`, () => table.get(key)),
    put: (item, when) => call(`put ${name(item)}`, () => table.put(item, when)),
    update: (key, change, when) =>
      call(`update ${name(key)}`, () => table.update(key, change, when)),
    delete: (key, when) => call(`delete ${name(key)}`, () => table.delete(key, when)),
    query: (query) => call(`query ${name(query)}`, () => table.query(query)),
    alive: (after) => call('alive', () => table.alive(after)),
  }
}

const latency = (random: Random): number => random.between(1, 9)

const settled = async <T>(run: () => Promise<T>): Promise<() => T> => {
  try {
    const value = await run()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
