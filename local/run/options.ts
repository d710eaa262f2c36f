import { InvalidArgumentError } from 'commander'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { StartError } from '../errors.ts'
import { parseCommand, silentCommand } from './parse-command.ts'

/** What `npm start` was told, checked. */
export interface Options {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** The origin that browsers use, without a slash at its end. */
  readonly origin: string
  /** Loopback only: the demo account and `/metrics` exist on the main port. */
  readonly loopback: boolean
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** A real OctoPrint; without it the virtual one prints. */
  readonly octoPrint: { readonly url: string; readonly apiKey: string } | undefined
}

const defaultPort = 7420
/** Below the folder that the command is run in. */
export const defaultDataDir = '.data'

interface Flags {
  port: number
  host: string
  data: string
  publicUrl?: string
  tlsCert?: string
  tlsKey?: string
  octoprint?: string
  apiKey?: string
}

/** Reads flags, then environment, then defaults. Throws a `StartError` that says what to write. */
export const readOptions = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options => {
  const flags = parseFlags(args)
  const loopback = isLoopback(flags.host) && flags.publicUrl === undefined
  return {
    host: flags.host,
    port: flags.port,
    dataDir: resolve(flags.data),
    origin: originOf(flags),
    loopback,
    tls: tlsOf(flags),
    octoPrint: octoPrintOf(
      flags.octoprint ?? env['OCTOPRINT_URL'],
      flags.apiKey ?? env['OCTOPRINT_API_KEY'],
    ),
  }
}

const parseFlags = (args: readonly string[]): Flags => {
  const command = silentCommand('npm start --')
    .description('Runs the whole of FluxRelay on this machine.')
    .option('--port <number>', 'port of the one address', parsePort, defaultPort)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <folder>', 'where printers, accounts and history are kept', defaultDataDir)
    .option('--octoprint <url>', 'watch this OctoPrint (or OCTOPRINT_URL)')
    .option('--api-key <key>', 'its API key (better: OCTOPRINT_API_KEY)')
    .option('--public-url <url>', 'the https:// address of the proxy in front')
    .option('--tls-cert <file>', 'certificate chain, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .allowExcessArguments(false)
  parseCommand(command, args, 'npm start -- --help')
  return command.opts<Flags>()
}

const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
  return port
}

export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' ||
  host === '::1' ||
  (isIP(host) === 4 && host.startsWith('127.'))

const hostInUrl = (host: string) => (isIP(host) === 6 ? `[${host}]` : host)

const originOf = ({ host, port, publicUrl, tlsCert, tlsKey }: Flags): string => {
  if (publicUrl !== undefined) return httpsOrigin(publicUrl)
  const tls = tlsCert !== undefined && tlsKey !== undefined
  if (!isLoopback(host) && !tls)
    throw new StartError(
      'public_address',
      `--host ${host} is not loopback: browsers sign in over https only. ` +
        'Give --public-url https://… (behind a proxy), or --tls-cert and --tls-key',
    )
  if (tls && (host === '0.0.0.0' || host === '::'))
    throw new StartError(
      'public_address',
      `--host ${host} names no address that a browser can open: add --public-url https://…`,
    )
  const address = `${tls ? 'https' : 'http'}://${hostInUrl(host)}:${port}`
  if (!URL.canParse(address))
    throw new StartError('bad_option', '--host takes a name or an address of this machine alone')
  // As browsers write it: small letters, and no port where it is the usual one.
  return new URL(address).origin
}

const httpsOrigin = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search || url.hash || url.username)
    throw new StartError(
      'public_address',
      '--public-url takes https://name[:port] without a path: the sign-in is bound to it',
    )
  return url.origin
}

const tlsOf = ({ tlsCert, tlsKey }: Flags): Options['tls'] => {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new StartError('tls', '--tls-cert and --tls-key go together: give both or none')
  return tlsCert !== undefined && tlsKey !== undefined
    ? { cert: resolve(tlsCert), key: resolve(tlsKey) }
    : undefined
}

const octoPrintOf = (url: string | undefined, apiKey: string | undefined): Options['octoPrint'] => {
  if (!url && !apiKey) return undefined
  if (!url)
    throw new StartError('bad_option', 'an API key without an address: give --octoprint URL too')
  if (!apiKey)
    throw new StartError(
      'bad_option',
      'an OctoPrint without a key: set OCTOPRINT_API_KEY ' +
        '(OctoPrint: Settings → Application Keys)',
    )
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    throw new StartError('bad_option', '--octoprint takes an address such as http://octopi.local')
  if (parsed.username || parsed.password)
    throw new StartError('bad_option', '--octoprint takes no user or password in the address')
  return { url: parsed.href, apiKey }
}
