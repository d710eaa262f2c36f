import { Stack } from 'aws-cdk-lib'
import { accept } from './accepted-findings.ts'
import type { Config } from './config.ts'
import type { RelayStack } from './relay-stack.ts'

/** Writes the reason of every protection that is off into the template, for whoever audits it. */
export const noteOptOuts = (stack: RelayStack, config: Config): void => {
  const { protections, dailyMessageCeiling, dailyRequestCeiling, dailyHandshakeCeiling } = config
  const ceilings = { dailyMessageCeiling, dailyRequestCeiling, dailyHandshakeCeiling }
  const off = Object.entries({ ...protections, ...ceilings }).flatMap(([name, value]) =>
    typeof value === 'object' ? [[name, value.because] as const] : [],
  )
  if (off.length > 0) Stack.of(stack).addMetadata('FluxRelayOptOuts', Object.fromEntries(off))
  const { pointInTimeRecovery } = protections
  if (pointInTimeRecovery !== true)
    accept(stack.directory.table, { 'AwsSolutions-DDB3': pointInTimeRecovery.because })
}
