import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../../agent/clock.ts'
import { PairError } from '../../../agent/pair/errors.ts'
import { pair, type PairWish } from '../../../agent/pair/pair.ts'
import type { PairPorts } from '../../../agent/pair/ports.ts'
import { nodeSettingsFiles } from '../../../agent/pair/settings-files.ts'
import { systemClock } from '../../../agent/system-clock.ts'
import { wsDial } from '../../../agent/uplink/ws-dial.ts'
import { syntheticPrint } from '../../../local/octoprint/synthetic-print.ts'
import type { VirtualOctoPrintOptions } from '../../../local/octoprint/virtual-octoprint.ts'
import { running } from '../../local/octoprint/running.ts'
import { code, pairingRelay, secret } from './pairing-relay.ts'

/** Waits of a second pass at once, as turns of the event loop; time-outs never come. */
export const skippingClock = (): Clock & { pass(ms: number): void } => {
  let now = 0
  return {
    now: () => now,
    monotonic: () => now,
    pass: (ms) => void (now += ms),
    after: (ms, run) => {
      if (ms > 1000) return () => {}
      const turn = setImmediate(() => {
        now += ms
        run()
      })
      return () => clearImmediate(turn)
    },
  }
}

/** A person who types an answer when a question of theirs comes, or a script that types nothing. */
const typist = (answers: readonly (readonly [RegExp, string])[] | undefined) => {
  const input = new PassThrough()
  const said: string[] = []
  const waiting = [...(answers ?? [])]
  const say = (text: string) => {
    said.push(text)
    const next = waiting[0]
    if (!next?.[0].test(text)) return
    waiting.shift()
    setImmediate(() => input.write(next[1]))
  }
  return { said, terminal: { input, interactive: answers !== undefined, say } }
}

interface Given {
  readonly wish?: Partial<PairWish>
  readonly octoPrint?: Partial<PairWish['octoPrint']>
  /** What a person types; without it there is no terminal. */
  readonly types?: readonly (readonly [RegExp, string])[]
  readonly ports?: Partial<PairPorts>
}

/** A relay, an OctoPrint and a host without settings; `pair` is run on it as it is for people. */
export const pairWorld = async (options: Partial<VirtualOctoPrintOptions> = {}) => {
  const clock = skippingClock()
  const relay = await pairingRelay()
  const octoprint = await running({
    now: () => clock.now(),
    autoGrantAfterPolls: 3,
    scenario: syntheticPrint({ seed: 1 }),
    ...options,
  })
  const folder = await mkdtemp(join(tmpdir(), 'fluxrelay-pair-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const own = join(folder, 'home', 'fluxrelay', 'agent.json')
  const usual = { own, machine: join(folder, 'etc', 'agent.json') }
  const stop = new AbortController()
  const told: string[] = []

  const run = async ({ wish, octoPrint, types, ports }: Given = {}) => {
    const { said, terminal } = typist(types)
    const whole: PairPorts = {
      clock,
      fetch,
      dial: (to) => wsDial({ ...to, clock: systemClock }),
      terminal,
      files: nodeSettingsFiles,
      signal: stop.signal,
      ...ports,
    }
    const all: PairWish = {
      address: relay.origin,
      code,
      config: own,
      usual,
      force: false,
      program: 'fluxrelay-agent',
      ...wish,
      octoPrint: { url: octoprint.url, apiKey: undefined, user: undefined, ...octoPrint },
    }
    try {
      return { works: await pair(whole, all), error: undefined, said: said.join('') }
    } catch (error) {
      if (!(error instanceof PairError)) throw error
      return { works: false, error, said: said.join('') }
    } finally {
      told.push(...said)
    }
  }
  /** The same, and nothing that was told holds a secret. */
  const runPair = async (given: Given = {}) => {
    const { works, error, said } = await run(given)
    const all = `${said}${error?.message ?? ''}`
    const leaked = [secret, octoprint.key, code, 'hand-key'].filter((one) => all.includes(one))
    return { works, said, code: error?.code, message: error?.message, leaked }
  }
  const settings = async (path = own) =>
    JSON.parse(await readFile(path, 'utf8')) as Record<string, Record<string, unknown>>
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777
  return { relay, octoprint, clock, folder, own, usual, stop, pair: runPair, settings, modeOf }
}
