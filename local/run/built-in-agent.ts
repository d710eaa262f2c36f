import { randomBytes } from 'node:crypto'
import { configSchema } from '../../agent/config/config-schema.ts'
import type { Log } from '../../agent/log.ts'
import { nodeFile } from '../../agent/disk/node-file.ts'
import { keptPaths } from '../../agent/disk/kept-paths.ts'
import { runAgent } from '../../agent/run-agent.ts'
import { systemClock } from '../../agent/system-clock.ts'
import { wsDial } from '../../agent/uplink/ws-dial.ts'

interface BuiltInAgent {
  /** The gateway on loopback, such as `ws://127.0.0.1:4242/ws`. */
  readonly socket: string
  readonly token: string
  readonly octoPrint: { readonly url: string; readonly apiKey: string }
  /** Where events and history wait for the relay. */
  readonly folder: string
  readonly log: Log
}

/** The real agent, in this process, on the real socket. Answers how to stop it. */
export const builtInAgent = ({ socket, token, octoPrint, folder, log }: BuiltInAgent) => {
  const config = configSchema.parse({
    relay: { url: socket, token },
    octoprint: { url: octoPrint.url, apiKey: octoPrint.apiKey },
    intervals: {},
    outbox: { folder },
    log: {},
  })
  const paths = keptPaths(config, {}, folder)
  const stop = new AbortController()
  const random = () => randomBytes(4).readUInt32BE() / 2 ** 32
  const dial = wsDial({ ...config.relay, clock: systemClock })
  const done = runAgent(config, {
    clock: systemClock,
    random,
    fetch,
    dial,
    log,
    kept: { outbox: nodeFile(paths.outbox), history: nodeFile(paths.history) },
    signal: stop.signal,
  })
  return async (): Promise<void> => {
    stop.abort()
    await done
  }
}
