import { cargoHold } from './cargo-hold.ts'
import type { Clock } from './clock.ts'
import type { AgentConfig } from './config/config-schema.ts'
import { eventFinder } from './events/event-finder.ts'
import { HistoryRing, longestHold } from './history/ring.ts'
import { fileShelf, noShelf } from './history/shelf.ts'
import { instanceOf } from './instance.ts'
import type { Log } from './log.ts'
import { noReadings } from './mapping/readings.ts'
import { toPrinterState } from './mapping/to-printer-state.ts'
import { octoPrintWatch } from './octoprint-watch.ts'
import { octoPrintReader, type Fetch } from './octoprint/reader.ts'
import { Outbox, usualLimits } from './outbox/outbox.ts'
import type { KeptFile } from './disk/kept-file.ts'
import { Sampler } from './sampler.ts'
import { watchForSleep } from '../protocol/sleep.ts'
import type { Dial } from './uplink/dial.ts'
import { Session } from './uplink/session.ts'
import { agentVersion } from './version.ts'

export interface AgentDeps {
  readonly clock: Clock
  /** From 0 to below 1; it also makes the instance, so give each start numbers of its own. */
  readonly random: () => number
  readonly fetch: Fetch
  readonly dial: Dial
  readonly log: Log
  /** Where events and history are kept until the relay has them; in memory only without it. */
  readonly kept?: { readonly outbox: KeptFile; readonly history: KeptFile } | undefined
  /** Stops the agent. */
  readonly signal: AbortSignal
}

const attendance = {
  watched: 'somebody may be watching: sending at full pace',
  lowering: 'nobody seems to be watching: asking the relay',
  idle: 'nobody watches: sending only what changes',
} as const

/** Runs the agent until `signal` aborts; resolves when its connections are closed. */
export const runAgent = async (config: AgentConfig, deps: AgentDeps): Promise<void> => {
  const { clock, random, log, signal, kept } = deps
  if (signal.aborted) return
  const { url, apiKey } = config.octoprint
  const read = octoPrintReader({ fetch: deps.fetch, clock, url, apiKey, signal })
  const watchOctoPrint = octoPrintWatch({ log, read, clock })
  let state = toPrinterState(noReadings)
  const newSource = () => instanceOf(random)
  const outbox = new Outbox({ files: kept?.outbox, clock, log, newSource, limits: usualLimits })
  const instance = instanceOf(random)
  const ring = new HistoryRing({
    instance,
    wallAt: (at) => clock.now() - (clock.monotonic() - at),
    shelf: kept ? fileShelf(kept.history, { clock, log }) : noShelf,
    longestHold: longestHold(config.intervals),
  })
  const findEvents = eventFinder({ clock, log, outbox })
  const sampler = new Sampler({
    clock,
    random,
    read,
    intervals: config.intervals,
    sampled: (readings) => {
      state = toPrinterState(readings)
      watchOctoPrint(state)
      findEvents(readings, state)
      if (state.connection.octoprint === 'ok') ring.take(state, clock.monotonic())
      session.sampled()
    },
  })
  const session = new Session({
    clock,
    random,
    log,
    dial: deps.dial,
    terms: {
      instance,
      version: agentVersion,
      lowerAfter: config.relay.lowerAfter,
      tick: Math.min(...Object.values(config.intervals)),
    },
    state: () => state,
    hold: cargoHold(outbox, ring),
    refresh: () => sampler.refresh(),
    attend: (mode) => {
      log.info({ mode }, attendance[mode])
      sampler.watch(mode !== 'idle')
    },
  })
  log.info({ version: agentVersion }, 'the agent starts')
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const stopWatch = watchForSleep(clock, () => {
    log.info({}, 'the machine seems to have slept: asking the relay')
    session.woke()
  })
  sampler.start()
  session.start()
  await stopped
  stopWatch()
  sampler.stop()
  await session.stop()
  outbox.stop()
  ring.stop()
  log.info({}, 'the agent stopped')
}
