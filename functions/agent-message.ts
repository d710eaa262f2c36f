import { lambdaInvokerOf } from './aws/lambda-invoker.ts'
import { messageHandler } from './handlers/message.ts'
import { portsFromEnv } from './ports-from-env.ts'
import { said } from './relay/said.ts'

const ports = portsFromEnv(process.env, { invokerOf: lambdaInvokerOf })

/**
 * Lambda entry: the routes `hello` and `publish`. Built once for each cold start, with no more of the relay
 * than it needs.
 */
export const handler = messageHandler({ ports, said: (caller, text) => said(ports, caller, text) })
