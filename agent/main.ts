import { randomBytes } from 'node:crypto'
import { setDefaultAutoSelectFamily, setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'
import { homedir } from 'node:os'
import { CommanderError } from 'commander'
import { readCommand, type Asked } from './command.ts'
import { findFile, usualFiles } from './config/find-file.ts'
import { readConfig } from './config/read-config.ts'
import { fileSetting } from './config/settings.ts'
import { ConfigError, describeMistake } from './errors.ts'
import { logOut } from './log-out.ts'
import { makeLog } from './make-log.ts'
import { nodeFile } from './disk/node-file.ts'
import { keptPaths } from './disk/kept-paths.ts'
import { PairError } from './pair/errors.ts'
import { pair } from './pair/pair.ts'
import { pairWish, realPairPorts } from './pair/real-pair.ts'
import { runAgent } from './run-agent.ts'
import { systemClock } from './system-clock.ts'
import { wsDial } from './uplink/ws-dial.ts'

/**
 * A name's next address is tried after so long, ms: more than Node's 250, which a slow uplink to an
 * address that works would miss.
 */
const nextAddressAfter = 1000

// OctoPi's OctoPrint listens on 127.0.0.1 alone while localhost is ::1 first; Node 18 tries only that.
setDefaultAutoSelectFamily(true)
setDefaultAutoSelectFamilyAttemptTimeout(nextAddressAfter)

const { argv, env } = process
const usual = usualFiles(env, homedir())

/** The only place that knows the process: arguments, environment, signals, real time and chance. */
const main = async (): Promise<void> => {
  const asked = readCommand(argv)
  const flagged = asked.flags['config']
  const named = (typeof flagged === 'string' ? flagged : env[fileSetting.env]) || undefined
  switch (asked.kind) {
    case 'run':
      return run(asked, named)
    case 'pair':
      return pairUp(asked, named)
    default:
      return asked satisfies never
  }
}

const run = async (
  { flags }: Extract<Asked, { kind: 'run' }>,
  named: string | undefined,
): Promise<void> => {
  const { config, warnings } = readConfig({ flags, env, file: findFile(named, usual) })
  const log = makeLog(config.log.level, logOut(1))
  for (const warning of warnings) log.warn({}, warning)
  const paths = keptPaths(config, env, homedir())
  await runAgent(config, {
    clock: systemClock,
    random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
    fetch,
    dial: wsDial({ ...config.relay, clock: systemClock }),
    log,
    kept: { outbox: nodeFile(paths.outbox), history: nodeFile(paths.history) },
    signal: stopSignal((signal) => log.info({ signal }, 'stopping')),
  })
}

const pairUp = async (
  asked: Extract<Asked, { kind: 'pair' }>,
  config: string | undefined,
): Promise<void> => {
  const given = { ...asked, env, config, usual, script: argv[1] ?? '', cwd: process.cwd() }
  const works = await pair(realPairPorts(stopSignal(() => {})), pairWish(given))
  if (!works) process.exitCode = 2
}

const stopSignal = (told: (signal: string) => void): AbortSignal => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      told(signal)
      stop.abort()
    })
  return stop.signal
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // commander has said what is wrong; its own exit code for a bad option is 1.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else if (error instanceof ConfigError) {
    for (const mistake of error.mistakes)
      process.stderr.write(`fluxrelay-agent: ${describeMistake(mistake)}\n`)
    process.exitCode = error.exitCode
  } else if (error instanceof PairError) {
    process.stderr.write(`fluxrelay-agent: ${error.message}\n`)
    process.exitCode = error.exitCode
  } else {
    process.stderr.write(`fluxrelay-agent: ${error instanceof Error ? error.name : 'failed'}\n`)
    throw error
  }
})
