import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { toPrinterState } from '../../agent/mapping/to-printer-state.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { sha256 } from '../../functions/relay/hash.ts'
import { demoViewer } from '../../local/issuer/accounts.ts'
import { issuerKeys } from '../../local/issuer/keys.ts'
import { foldersIn } from '../../local/run/home.ts'
import { sameState } from '../support/same-state.ts'
import { errorBodySchema } from '../../protocol/error-frame.ts'
import { isNewer, type Position } from '../../protocol/generation.ts'
import { relayToAgent } from '../../protocol/relay-to-agent.ts'
import { relayToViewer } from '../../protocol/relay-to-viewer.ts'
import { tokenMaker } from '../security/people.ts'
import { keptLog } from '../agent/support/kept-log.ts'
import { readingsOf } from '../agent/support/readings-of.ts'
import { openClient, type Client } from '../local/gateway/client.ts'
import {
  addPrinter,
  manualOctoPrint,
  runTestAgent,
  type ManualOctoPrint,
} from '../support/honest-pair.ts'
import { agentFrames, hostileFrames, viewerFrames } from '../support/hostile-frames.ts'
import { hostileHandshakes, hostileRequests, type Ground } from '../support/hostile-http.ts'
import { shoot } from '../support/raw-http.ts'
import {
  connectClient,
  demoToken,
  startTestRelay,
  viewWhere,
  type TestRelay,
} from '../support/relay.ts'
import { watcherOf } from '../support/watcher.ts'

/** How many inputs in all; CI asks for more. */
const inputs = Number(process.env['FLUXRELAY_FUZZ'] ?? 2000)
const firstSeed = Number(process.env['FLUXRELAY_FUZZ_SEED'] ?? 1)
const share = (part: number) => Math.ceil(inputs * part)
vi.setConfig({ testTimeout: 60_000 + inputs * 30, hookTimeout: 60_000 })

const log = keptLog()
let relay: TestRelay
let honest: { printerId: string; token: string }
let octoPrint: ManualOctoPrint
let client: RelayClient
let ground: Ground
let port: number
let stopAgent: () => Promise<void>
/** What must never come out of any door but its own. */
const secrets = new Set<string>()

/** What the honest viewer saw since it was asked last. */
let seen = { frames: 0, troubles: [] as string[] }

const watchHonestly = (view: ReturnType<RelayClient['state']>, last: { at?: Position }) => {
  const { position, online, refused } = view.printers[honest.printerId] ?? {}
  if (view.link.phase !== 'open') seen.troubles.push(`link ${view.link.phase}`)
  if (online === false) seen.troubles.push('offline')
  if (refused !== undefined) seen.troubles.push(refused)
  if (position === undefined || isDeepStrictEqual(position, last.at)) return
  if (!isNewer(position, last.at)) seen.troubles.push('went back')
  last.at = position
  seen.frames += 1
}

const forgedTokens = async (): Promise<string[]> => {
  const { signing } = await issuerKeys(foldersIn(relay.dataDir).issuer)
  const key = await importJWK(signing, 'RS256')
  const issuer = `${relay.origin}/oidc`
  const now = Math.floor(Date.now() / 1000)
  const good = { sub: demoViewer.sub, scope: 'fluxrelay/watch', aud: 'fluxrelay', iss: issuer }
  const lasting = { ...good, iat: now, exp: now + 3600 }
  const signed = (claims: JWTPayload, header: object = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: signing.kid, ...header }).sign(key)
  const secret = new TextEncoder().encode(signing.n)
  const valid = await signed(lasting)
  return [
    await signed({ ...lasting, exp: now - 10 }),
    await signed({ ...good, iat: now }),
    await signed({ ...lasting, aud: 'another' }),
    await signed({ ...lasting, iss: 'https://evil.example/oidc' }),
    await signed({ ...lasting, nbf: now + 3600 }),
    await signed({ ...lasting, scope: 'openid' }),
    await signed(lasting, { kid: '../../etc/passwd' }),
    await new SignJWT(lasting).setProtectedHeader({ alg: 'HS256', kid: signing.kid }).sign(secret),
    new UnsecuredJWT(lasting).encode(),
    `${valid.slice(0, -6)}AAAAAA`,
    `${valid}.${valid}`,
    valid.split('.').slice(0, 2).join('.'),
    'e30.e30.e30',
  ]
}

/** People with a site and a printer of their own, who may change there whatever they like. */
const strangers = async () => {
  const token = await tokenMaker(relay)
  const subs = Array.from({ length: 200 }, (_, n) => `stranger-${n}`)
  const own = { siteId: 's-of-strangers', printerId: 'p-of-strangers' }
  const owner = userPrincipal(subs[0] ?? '')
  await relay.relay.provisionSite({ siteId: own.siteId, name: 'Elsewhere', owner })
  await relay.relay.provisionPrinter({ ...own, name: 'Voron', tokenHash: sha256('nobody') })
  for (const sub of subs) await relay.relay.grantOnSite(own.siteId, userPrincipal(sub), 'owner')
  return { own, goodTokens: await Promise.all(subs.map((sub) => token(sub))) }
}

beforeAll(async () => {
  relay = await startTestRelay({ agent: false, log })
  port = Number(new URL(relay.origin).port)
  octoPrint = await manualOctoPrint()
  honest = await addPrinter(relay)
  const options = { token: honest.token, octoPrint: octoPrint.octoPrint, log, speed: 5 }
  stopAgent = runTestAgent(relay, options)
  const goodToken = await demoToken(relay.origin)
  client = connectClient(relay.origin, goodToken)
  client.start()
  client.watch(honest.printerId)
  await viewWhere(client, ({ printers }) => printers[honest.printerId]?.state?.temperature)
  const last = {}
  client.subscribe((view) => watchHonestly(view, last))
  const badTokens = await forgedTokens()
  const { goodTokens, own } = await strangers()
  const { host } = new URL(relay.origin)
  ground = { host, printerId: honest.printerId, badTokens, goodTokens, own }
  for (const secret of [
    honest.token,
    goodToken,
    octoPrint.octoPrint.key,
    ...badTokens,
    ...goodTokens,
  ])
    if (secret.length > 20) secrets.add(secret)
  secrets.add(relay.home.agentToken)
})
afterAll(async () => {
  client.stop()
  await stopAgent()
  await octoPrint.octoPrint.close()
  await relay.remove()
})

/** Runs a few at a time, as strangers do. */
const concurrently = async <T>(items: readonly T[], run: (item: T) => Promise<void>) => {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

const leaked = (text: string): string[] => [...secrets].filter((secret) => text.includes(secret))

/** Answers that the store was too late for. */
let stalls = 0
type Line = (typeof log.lines)[number]

/** On an overloaded machine the embedded store can answer too late: that is told as such, no fault. */
const isStall = ({ fields }: Line): boolean =>
  fields['code'] === 'unavailable' && String(fields['error']).startsWith('TableError')
const isFault = (line: Line): boolean => line.level === 'error' && !isStall(line)
/** The same as it is answered; what else is `unavailable` came of the input. */
const toldStall = '"code":"unavailable","message":"The relay cannot reach its store'

type Problem = (what: string, input: string) => void

/**
 * Hits the doors while the honest printer's temperature goes on changing, again with other inputs
 * until a few of its frames came through, and lists what is bad.
 */
const underFire = async (attack: (problem: Problem, seed: number) => Promise<void>) => {
  seen = { frames: 0, troubles: [] }
  const problems: string[] = []
  let over = false
  const change = async () => {
    for (let n = 0; !over; n += 1) {
      octoPrint.setTool(20 + (n % 200))
      await octoPrint.octoPrint.requests.next('/api/printer')
    }
  }
  const changing = change()
  const problem: Problem = (what, input) =>
    void problems.push(`${what} ← ${JSON.stringify(input.slice(0, 300))}`)
  for (let round = 0; round === 0 || seen.frames < 3; round += 1)
    await attack(problem, firstSeed + round)
  over = true
  await changing
  expect(problems.slice(0, 10)).toEqual([])
  const lines = log.lines.splice(0)
  // As many as the store itself told of.
  expect(stalls).toBeLessThanOrEqual(lines.filter(isStall).length)
  stalls = 0
  expect(lines.filter(isFault).slice(0, 5)).toEqual([])
  expect(lines.filter((line) => leaked(JSON.stringify(line)).length > 0)).toEqual([])
  expect(seen.troubles).toEqual([])
}

const httpProblem = (text: string, statuses: readonly number[]): string | undefined => {
  const stalled = text.includes(toldStall)
  if (stalled) stalls += 1
  const bad = stalled ? undefined : statuses.find((status) => status >= 500)
  if (bad !== undefined) return `answered ${bad}: ${text.slice(0, 200)}`
  if (leaked(text).length > 0) return `told a secret: ${text.slice(0, 300)}`
  const body = /\r\n\r\n(\{"error":\{.*)$/s.exec(text)?.[1]
  if (
    body !== undefined &&
    statuses.length === 1 &&
    !errorBodySchema.safeParse(parsed(body)).success
  )
    return `an error of another shape: ${body.slice(0, 200)}`
  return undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

describe('bad input from anyone: a clear error with a code, the honest pair unharmed', () => {
  it('takes any HTTP request, and answers none with a fault of its own', async () => {
    await underFire(async (problem, seed) => {
      // An agent's token opens the socket, and nothing else.
      const badTokens = [...ground.badTokens, honest.token]
      const requests = fc.sample(hostileRequests({ ...ground, badTokens }), {
        numRuns: share(0.45),
        seed,
      })
      await concurrently(requests, async (request) => {
        const { statuses, text } = await shoot(port, request)
        const found = httpProblem(text, statuses)
        if (found !== undefined) problem(found, request)
      })
    })
  })

  it('takes any handshake, and opens none without a ticket or token', async () => {
    const { connected } = relay.gateway.stats
    await underFire(async (problem, seed) => {
      const handshakes = fc.sample(hostileHandshakes(ground), { numRuns: share(0.2), seed })
      await concurrently(handshakes, async (handshake) => {
        const { statuses, text } = await shoot(port, handshake)
        const found = httpProblem(text, statuses)
        if (found !== undefined || statuses[0] === 101) problem(found ?? 'opened', handshake)
      })
    })
    expect(relay.gateway.stats.connected).toBe(connected)
  })

  it('takes any frame of an agent with a valid token', async () => {
    const dial = async () => {
      const rogue = await addPrinter(relay)
      secrets.add(rogue.token)
      const headers = { Authorization: `Bearer ${rogue.token}` }
      return openClient(socketUrl(), { protocols: ['fluxrelay.v1'], headers })
    }
    const frames = hostileFrames(agentFrames, viewerFrames(honest.printerId))
    await underFire((problem, seed) =>
      volleys(fc.sample(frames, { numRuns: share(0.18), seed }), dial, relayToAgent, problem),
    )
  })

  it('takes any frame of a viewer with a valid ticket', async () => {
    let strangers = 0
    const dial = async () => {
      // One of their own each, or the limits of one person would answer in place of what is tried.
      strangers += 1
      const session = Date.now() + 3_600_000
      const { ticket } = await relay.relay.issueTicket(
        watcherOf(userPrincipal(`stranger-${strangers}`), session),
      )
      secrets.add(ticket)
      return openClient(`${socketUrl()}?ticket=${ticket}`, { protocols: ['fluxrelay.v1'] })
    }
    const frames = hostileFrames(viewerFrames(honest.printerId), agentFrames)
    await underFire((problem, seed) =>
      volleys(fc.sample(frames, { numRuns: share(0.18), seed }), dial, relayToViewer, problem),
    )
  })

  it('leaves the viewer with exactly the state that the agent read last', async () => {
    octoPrint.setTool(199.5)
    const expected = toPrinterState(readingsOf(octoPrint.scenario.current(), '1.11.8'))
    const state = await viewWhere(client, ({ printers }) => {
      const held = printers[honest.printerId]?.state
      return held && sameState(held, expected) ? held : undefined
    })
    expect(state).toEqual(expected)
  })

  it('keeps the secrets of the data folder out of the pages', async () => {
    const home = await readFile(join(relay.dataDir, 'home.json'), 'utf8')
    const paths = ['/home.json', '/..%2fhome.json', '/%2e%2e/home.json', '/viewer/../home.json']
    for (const path of paths) {
      const request = `GET ${path} HTTP/1.1\r\nHost: ${ground.host}\r\nConnection: close\r\n\r\n`
      const { statuses, text } = await shoot(port, request)
      expect(statuses).toEqual([404])
      expect(text).not.toContain(home.slice(0, 20))
    }
  })
})

const socketUrl = () => `${relay.origin.replace('http', 'ws')}/ws`

type FrameSchema = typeof relayToAgent | typeof relayToViewer

/** A few frames a connection, then one whose answer shows that all of them were taken in. */
const volleys = async (
  frames: readonly string[],
  dial: () => Promise<Client>,
  schema: FrameSchema,
  problem: Problem,
): Promise<void> => {
  const size = 6
  const starts = frames.map((_, at) => at).filter((at) => at % size === 0)
  await concurrently(starts, async (at) => {
    const volley = frames.slice(at, at + size)
    const connection = await dial()
    for (const frame of volley) connection.socket.send(frame)
    connection.say({ action: 'last-of-all' })
    for (const answer of await answersOf(connection)) {
      if (!schema.safeParse(parsed(answer)).success)
        problem(`answered ${answer.slice(0, 200)}`, volley.join(' | '))
      if (leaked(answer).length > 0) problem('told a secret', volley.join(' | '))
    }
    connection.socket.terminate()
  })
}

const answersOf = async ({ frames, closed }: Client): Promise<string[]> => {
  const answers: string[] = []
  const ended = closed.then(() => undefined)
  for (;;) {
    const answer = await Promise.race([frames.next(), ended])
    if (answer === undefined) return [...answers, ...frames.rest()]
    answers.push(answer)
    if (answer.includes('last-of-all')) return [...answers, ...frames.rest()]
  }
}
