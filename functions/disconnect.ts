import { lambdaInvokerOf } from './aws/lambda-invoker.ts'
import { disconnectHandler } from './handlers/disconnect.ts'
import { portsFromEnv } from './ports-from-env.ts'
import { disconnected } from './relay/connections/connections.ts'

const ports = portsFromEnv(process.env, { invokerOf: lambdaInvokerOf })

/**
 * Lambda entry: `$disconnect`. Built once for each cold start, with no more of the relay
 * than it needs.
 */
export const handler = disconnectHandler({
  ports,
  disconnected: (caller) => disconnected(ports, caller),
})
