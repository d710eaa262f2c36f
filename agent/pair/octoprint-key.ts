import { apiKeySchema, octoPrintUrlSchema } from '../config/config-schema.ts'
import { describeFailure, isFailure } from '../octoprint/outcome.ts'
import { octoPrintReader, type Read } from '../octoprint/reader.ts'
import { ask, stopped } from './ask.ts'
import { PairError } from './errors.ts'
import type { PairPorts } from './ports.ts'
import { requestKey } from './request-key.ts'

export interface OctoPrintWish {
  readonly url: string
  /** By hand; `true` asks for it; undefined asks OctoPrint. */
  readonly apiKey: string | true | undefined
  /** Whom OctoPrint is to ask; undefined: whoever is signed in there. */
  readonly user: string | undefined
}

/** An OctoPrint that gives readings to this key. */
export interface OctoPrintWay {
  readonly url: string
  readonly apiKey: string
  readonly read: Read
}

/** Refuses an address that the agent could not use, before anything is asked. */
export const checkOctoPrintUrl = (url: string): void => {
  const parsed = octoPrintUrlSchema.safeParse(url)
  if (!parsed.success)
    throw new PairError('octoprint', `--octoprint ${parsed.error.issues[0]?.message ?? ''}`)
}

/** Gets a key and takes a reading with it. */
export const octoPrintKey = async (
  ports: PairPorts,
  wish: OctoPrintWish,
): Promise<OctoPrintWay> => {
  const { url } = wish
  const apiKey = await keyOf(ports, wish)
  if (!apiKeySchema.safeParse(apiKey).success)
    throw new PairError(
      'key_refused',
      'that is no API key: it has 1 to 256 visible ASCII characters',
    )
  const { fetch, clock, signal } = ports
  const read = octoPrintReader({ fetch, clock, url, apiKey, signal })
  const outcome = await read('job')
  if (signal.aborted) throw stopped()
  if (!isFailure(outcome)) return { url, apiKey, read }
  if (outcome.kind === 'key_refused')
    throw new PairError(
      'key_refused',
      `OctoPrint at ${url} refuses the key (${outcome.status}): its user needs at least the group "Read-only Access"; give another with --api-key, or allow one in OctoPrint`,
    )
  throw new PairError('octoprint', `${describeFailure(outcome)} (${url}, see --octoprint)`)
}

const keyOf = async (ports: PairPorts, { url, apiKey, user }: OctoPrintWish): Promise<string> => {
  if (typeof apiKey === 'string') return apiKey
  const { interactive, say } = ports.terminal
  if (apiKey === true) return typedKey(ports)
  const requested = await requestKey(ports, { url, user })
  if (requested.kind === 'granted') return requested.key
  const why = `OctoPrint at ${url} ${requested.why}`
  if (!interactive)
    throw new PairError('no_key', `${why}: make a key by hand and give it with --api-key`)
  say(`\n${why}.\nMake a key by hand (docs/AGENT.md, "A key that can only read").\n`)
  return typedKey(ports)
}

const typedKey = async (ports: PairPorts): Promise<string> => {
  if (!ports.terminal.interactive)
    throw new PairError(
      'nobody_to_ask',
      'there is no terminal to ask for the key: put it into OCTOPRINT_API_KEY, or give --api-key KEY',
    )
  return ask(ports, "OctoPrint's API key (it is not shown): ", 'hidden')
}
