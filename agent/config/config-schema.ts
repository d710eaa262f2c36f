import * as z from 'zod/mini'
import { agentTokenSchema } from '../../protocol/agent-token.ts'
import { timeOuts } from '../../protocol/time-outs.ts'

const logLevels = ['debug', 'info', 'warn', 'error'] as const

/** Says that a value is missing apart from what is wrong with it; zod tells only the latter. */
const said = (missing: string, wrong: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? missing : wrong),
})

const address = (protocols: readonly string[], missing: string, wrong: string) =>
  z.string(said(missing, wrong)).check(
    z.refine(
      (text) => {
        const url = parsed(text)
        return url !== undefined && protocols.includes(url.protocol)
      },
      { error: wrong, abort: true },
    ),
    z.refine((text) => !text.includes('#'), { error: 'holds a #, which an address here cannot' }),
    z.refine((text) => !hasUser(text), {
      error: 'holds a user name or password: remove it, it would end in logs',
    }),
  )

const parsed = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)
const hasUser = (text: string) => {
  const url = parsed(text)
  return url !== undefined && (url.username !== '' || url.password !== '')
}

/** Whether a URL's host is this machine: the only one that may be spoken to without TLS. */
export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)

const relayUrl = address(
  ['wss:', 'ws:'],
  'is missing: the address of your relay, as wss://…',
  'is not a wss:// address',
).check(
  z.refine((text) => parsed(text)?.protocol !== 'ws:' || isLoopback(new URL(text).hostname), {
    error: 'is ws://, which shows the token to the network: use wss:// (ws:// only to loopback)',
  }),
)

const token = z.string(said("is missing: the printer's token, frp_…", 'is not a text')).check(
  z.refine((text) => agentTokenSchema.safeParse(text).success, {
    error: 'is not a printer token (frp_<printer>_<secret>): copy it whole from the relay',
  }),
)

export const octoPrintUrlSchema = address(
  ['http:', 'https:'],
  'is missing: the address of OctoPrint, as http://localhost:5000',
  'is not an http:// or https:// address',
)

export const apiKeySchema = z
  .string(said('is missing: an API key of a read-only OctoPrint user', 'is not a text'))
  .check(
    z.refine((text) => /^[\x21-\x7e]{1,256}$/.test(text), {
      error: 'is not an API key: 1 to 256 visible ASCII characters',
    }),
  )

const milliseconds = (least: number, most: number, preset: number) => {
  const error = `is not a whole number of ms from ${least} to ${most}`
  const number = z.int({ error }).check(z.minimum(least, { error }), z.maximum(most, { error }))
  return z._default(number, preset)
}

const interval = (preset: number) => milliseconds(250, 60_000, preset)
const group = { error: 'is not an object of settings' }
const intervals = z.strictObject(
  { status: interval(5000), temperature: interval(2000), progress: interval(1000) },
  group,
)
const level = z.enum(logLevels, { error: `is not one of ${logLevels.join(', ')}` })

/** The agent's settings. Every time is in ms. */
export const configSchema = z.strictObject({
  relay: z.strictObject(
    {
      url: relayUrl,
      token,
      /** So long after the last viewer the agent declares itself idle. */
      lowerAfter: milliseconds(0, 3_600_000, timeOuts.lowerAfter),
    },
    group,
  ),
  octoprint: z.strictObject(
    {
      url: octoPrintUrlSchema,
      apiKey: apiKeySchema,
    },
    group,
  ),
  /** How often each kind of reading is taken while somebody watches. */
  intervals,
  outbox: z._default(
    z.strictObject(
      {
        /** Undefined: where the system wants such things, see kept-paths.ts. */
        folder: z.optional(
          z.string({ error: 'is not a text' }).check(z.minLength(1, { error: 'is empty' })),
        ),
      },
      group,
    ),
    {},
  ),
  log: z.strictObject({ level: z._default(level, 'info') }, group),
})
export type AgentConfig = z.infer<typeof configSchema>
