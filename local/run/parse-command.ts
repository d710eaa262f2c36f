import { Command, CommanderError } from 'commander'
import { StartError } from '../errors.ts'

/** Asked for help or the version, and printed: end well. */
export class Told extends Error {
  override readonly name = 'Told'
}

/** A command whose mistakes are thrown, not printed; so are those of its subcommands. */
export const silentCommand = (name: string): Command =>
  new Command(name).exitOverride().configureOutput({ writeErr: () => undefined })

/** Reads the arguments into the command. Throws a `StartError` of one line, or `Told`. */
export const parseCommand = (command: Command, args: readonly string[], help: string): void => {
  try {
    command.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) throw new Told(error.code)
    // Never the value that a mistyped `--apikey=…` holds.
    // Commander's own words for a missing subcommand are "(outputHelp)".
    const message = error.code === 'commander.help' ? 'say what to do' : error.message
    const what = message
      .replace(/^error: /, '')
      .replace(/\s+/g, ' ')
      .replace(/=[^']*/, '=…')
    throw new StartError('bad_option', `${what} (see: ${help})`)
  }
}
