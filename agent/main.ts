import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { CommanderError } from 'commander'
import { agentCommand } from './command.ts'
import { findFile } from './config/find-file.ts'
import { readConfig, type ReadConfig } from './config/read-config.ts'
import { fileSetting } from './config/settings.ts'
import { ConfigError, describeMistake } from './errors.ts'
import { makeLog } from './make-log.ts'
import { nodeFiles } from './outbox/node-files.ts'
import { outboxPath } from './outbox/outbox-path.ts'
import { runAgent } from './run-agent.ts'
import { systemClock } from './system-clock.ts'
import { wsDial } from './uplink/ws-dial.ts'

/** The only place that knows the process: arguments, environment, signals, real time and chance. */
const main = async (): Promise<void> => {
  const { config, warnings } = settingsOf(process.argv, process.env)
  const log = makeLog(config.log.level, undefined)
  for (const warning of warnings) log.warn({}, warning)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      log.info({ signal }, 'stopping')
      stop.abort()
    })
  await runAgent(config, {
    clock: systemClock,
    random,
    fetch,
    dial: wsDial({ ...config.relay, clock: systemClock }),
    log,
    outbox: nodeFiles(outboxPath(config, process.env, homedir())),
    signal: stop.signal,
  })
}

const random = () => randomBytes(4).readUInt32BE() / 2 ** 32

const settingsOf = (argv: readonly string[], env: NodeJS.ProcessEnv): ReadConfig => {
  const command = agentCommand().exitOverride().parse(argv)
  const flags = command.opts<Record<string, unknown>>()
  const named = typeof flags['config'] === 'string' ? flags['config'] : env[fileSetting.env]
  return readConfig({ flags, env, file: findFile(named === '' ? undefined : named) })
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // commander has said what is wrong; its own exit code for a bad option is 1.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else if (error instanceof ConfigError) {
    for (const mistake of error.mistakes)
      process.stderr.write(`fluxrelay-agent: ${describeMistake(mistake)}\n`)
    process.exitCode = error.exitCode
  } else {
    process.stderr.write(`fluxrelay-agent: ${error instanceof Error ? error.name : 'failed'}\n`)
    throw error
  }
})
