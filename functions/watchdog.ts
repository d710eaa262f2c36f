import { lambdaInvokerOf } from './aws/lambda-invoker.ts'
import { watchdogHandler } from './handlers/watchdog.ts'
import { portsFromEnv } from './ports-from-env.ts'
import { watch } from './relay/publishing/watchdog.ts'

const ports = portsFromEnv(process.env, { invokerOf: lambdaInvokerOf })

/**
 * Lambda entry: the watchdog, once a minute. Built once for each cold start, with no more of the relay
 * than it needs.
 */
export const handler = watchdogHandler({ ports, watch: () => watch(ports) })
