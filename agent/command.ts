import { Command } from 'commander'
import { fileSetting, settings } from './config/settings.ts'
import { pairCommand, type PairFlags } from './pair/pair-command.ts'
import { agentVersion } from './version.ts'

type Flags = Readonly<Record<string, unknown>>

/** What the command line asks for. Values are checked later, all at once. */
export type Asked =
  | { readonly kind: 'run'; readonly flags: Flags }
  | {
      readonly kind: 'pair'
      readonly address: string
      readonly code: string | undefined
      readonly flags: PairFlags
    }

/** Reads the command line. Throws commander's error when it has said what is wrong. */
export const readCommand = (argv: readonly string[]): Asked => {
  let asked: Asked | undefined
  const command = agentCommand()
  command.action((flags: Flags) => {
    asked = { kind: 'run', flags }
  })
  const pair = pairCommand((address, code, flags) => {
    // Flags before the word are the agent's; those of the same names are meant as well.
    asked = { kind: 'pair', address, code, flags: { ...command.opts<PairFlags>(), ...flags } }
  })
  command.addCommand(pair)
  for (const one of [command, pair]) one.exitOverride()
  command.parse(argv)
  return asked ?? { kind: 'run', flags: command.opts() }
}

/** The command line of the agent itself, made of the table of settings. */
const agentCommand = (): Command => {
  const command = new Command('fluxrelay-agent')
    .description('Reads an OctoPrint and posts what changes to a FluxRelay relay. It only reads.')
    .version(agentVersion)
    .option(fileSetting.flag, 'settings file, JSON (else your own, else /etc/fluxrelay/agent.json)')
    .enablePositionalOptions()
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
