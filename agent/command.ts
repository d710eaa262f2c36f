import { Command } from 'commander'
import { fileSetting, settings } from './config/settings.ts'
import { agentVersion } from './version.ts'

/** The command line, made of the table of settings. Values are checked later, all at once. */
export const agentCommand = (): Command => {
  const command = new Command('fluxrelay-agent')
    .description('Reads an OctoPrint and posts what changes to a FluxRelay relay. It only reads.')
    .version(agentVersion)
    .option(fileSetting.flag, 'settings file, JSON (/etc/fluxrelay/agent.json if it exists)')
    .allowExcessArguments(false)
    .addHelpText('after', `\n${environmentHelp()}`)
  for (const { flag, help } of settings) command.option(flag, help)
  return command
}

const environmentHelp = (): string =>
  [
    'Each setting can also come from the environment; flags win over it, it over the file:',
    ...settings.map(({ path, env }) => `  ${env.padEnd(32)} ${path}`),
    `  ${fileSetting.env.padEnd(32)} the settings file`,
  ].join('\n')
