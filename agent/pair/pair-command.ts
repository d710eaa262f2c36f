import { Command } from 'commander'
import { fileSetting } from '../config/settings.ts'

/** What `pair` was given on the command line. */
export interface PairFlags {
  readonly octoprint?: string
  readonly apiKey?: string | true
  readonly user?: string
  readonly config?: string
  readonly force?: true
}

export type PairAction = (address: string, code: string | undefined, flags: PairFlags) => void

/** `fluxrelay-agent pair …` */
export const pairCommand = (action: PairAction): Command =>
  new Command('pair')
    .description('makes this host the agent of a printer, with a code from "Add a printer"')
    .argument('<address>', 'of the page where you watch, as https://relay.example')
    .argument('[code]', 'the code that the page shows (else it is asked for)')
    .option('--octoprint <url>', 'address of OctoPrint (OCTOPRINT_URL, http://localhost:5000)')
    .option(
      '--api-key [key]',
      'use this key of OctoPrint (OCTOPRINT_API_KEY); without a value it is asked for. Otherwise OctoPrint is asked for one',
    )
    .option('--user <name>', 'the user of OctoPrint who is to allow the key')
    .option(fileSetting.flag, 'write the settings to this file')
    .option('--force', 'replace settings that are there')
    .allowExcessArguments(false)
    .action((address: string, code: string | undefined, flags: PairFlags) =>
      action(address, code, flags),
    )
