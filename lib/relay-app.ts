import { type App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { Config } from './config.ts'
import { RelayStack, type Builds } from './relay-stack.ts'

/** Puts the stack into the app, under the checks that every synth makes. */
export const addRelay = (app: App, config: Config, builds: Builds): RelayStack => {
  const stack = new RelayStack(app, config.stackName, {
    config,
    builds,
    // The account is whichever the credentials of the deployment belong to.
    env: { region: config.region },
    description: 'FluxRelay: watch OctoPrint printers from anywhere',
  })
  Tags.of(stack).add('app', 'fluxrelay')
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return stack
}
