import { watchdogHandler } from './handlers/watchdog.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: the watchdog, once a minute. Built once for each cold start. */
export const handler = watchdogHandler(relayFromEnv(process.env))
