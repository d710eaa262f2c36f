import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { once } from 'node:events'
import { VirtualOctoPrintError } from './errors.ts'
import { loadRecording, recordingNames } from './recording.ts'
import { playRecording } from './recording-player.ts'
import { sped, type Scenario } from './scenario.ts'
import { syntheticPrint } from './synthetic-print.ts'
import { createVirtualOctoPrint } from './virtual-octoprint.ts'

export type CliPorts = {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
  /** Ends the run; the server is closed before it returns. */
  readonly signal: AbortSignal
}

type CliOptions = {
  readonly port: number
  readonly host: string
  readonly recording?: string
  readonly speed: number
  readonly loop?: true
  readonly key?: string
  readonly seed: number
  readonly list?: true
}

/** Runs the command until the signal; returns its exit code, 2 for what the caller did wrong. */
export const runCli = async (args: readonly string[], ports: CliPorts): Promise<number> => {
  try {
    const options = parse(args, ports)
    if (options.list) recordingNames().forEach(ports.out)
    else await serve(options, ports)
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      ports.error(error.message.replace(/^error: /, '').replaceAll('\n', ' '))
      return 2
    }
    if (error instanceof VirtualOctoPrintError) {
      ports.error(error.message)
      return 2
    }
    throw error
  }
}

const serve = async (options: CliOptions, { out, signal }: CliPorts): Promise<void> => {
  // Checked here and not by the parser, whose messages would repeat the key.
  if (options.key !== undefined && !/^[\w-]{8,}$/.test(options.key)) {
    throw new VirtualOctoPrintError(
      'bad-option',
      '--key must be at least 8 letters, digits, "-" or "_".',
    )
  }
  const octoprint = createVirtualOctoPrint({
    scenario: scenarioOf(options),
    host: options.host,
    port: options.port,
    // Whoever runs this alone has nobody to press "allow" in a browser.
    autoGrantAfterPolls: 3,
    ...(options.key === undefined ? {} : { key: options.key }),
  })
  const url = await octoprint.listen()
  out(`Virtual OctoPrint: ${url}`)
  out(`API key: ${octoprint.key}`)
  if (!signal.aborted) await once(signal, 'abort')
  await octoprint.close()
}

const scenarioOf = ({ recording, speed, loop, seed }: CliOptions): Scenario =>
  recording === undefined
    ? sped(syntheticPrint({ seed }), speed)
    : playRecording(loadRecording(recording), { speed, loop: loop ?? false })

const parse = (args: readonly string[], { out }: CliPorts): CliOptions =>
  new Command('virtual-octoprint')
    .description('Serves OctoPrint’s API with recorded or synthetic answers.')
    .option('--port <number>', 'port to listen on, 0 for any free one', portNumber, 5000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--recording <name>', 'replay a recording instead of an endless synthetic print')
    .option('--speed <factor>', 'how much faster than real time', factor, 1)
    .option('--loop', 'start a recording again at its end')
    .option('--key <key>', 'the API key to accept; random unless given')
    .option('--seed <integer>', 'seed of the synthetic print', integer, 1)
    .option('--list', 'print the names of the recordings and stop')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: () => undefined })
    .parse(args, { from: 'user' })
    .opts<CliOptions>()

const integer = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 0.')
}

const portNumber = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

const factor = (text: string): number => {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value <= 10_000) return value
  throw new InvalidArgumentError('It must be a number above 0, at most 10000.')
}
