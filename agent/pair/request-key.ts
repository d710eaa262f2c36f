import { timeOuts } from '../../protocol/time-outs.ts'
import { at } from '../mapping/tolerant.ts'
import { urlBelow } from '../http/url-below.ts'
import { call } from './call.ts'
import { octoPrintUnreachable, PairError } from './errors.ts'
import { pause } from './pause.ts'
import type { PairPorts } from './ports.ts'

/** What OctoPrint shows to whoever decides. */
const app = 'FluxRelay'
/** OctoPrint asks to be polled each second, forgets a request that is not asked for for 5 s … */
const pollEvery = 1000
const forgottenAfter = 5000
/** … and one that is 10 minutes old. */
const decidedWithin = 10 * 60_000

export type RequestedKey =
  { readonly kind: 'granted'; readonly key: string } | { readonly kind: 'not_offered'; why: string }

/**
 * Asks OctoPrint for a key by its Application Keys workflow; a person has to allow it there.
 * https://docs.octoprint.org/en/master/bundledplugins/appkeys.html
 */
export const requestKey = async (
  ports: PairPorts,
  { url, user }: { readonly url: string; readonly user: string | undefined },
): Promise<RequestedKey> => {
  const refused = await probe(ports, url)
  if (refused !== undefined) return { kind: 'not_offered', why: refused }
  const requested = await call(ports, {
    url: urlBelow(url, 'plugin/appkeys/request'),
    method: 'POST',
    body: user === undefined ? { app } : { app, user },
    ms: timeOuts.octoPrintRequest,
  })
  if (requested.kind === 'failed') throw octoPrintUnreachable(url, requested.code)
  if (requested.status === 429)
    return {
      kind: 'not_offered',
      why: 'was asked for keys too often (it takes 3 a minute, 5 in 10 minutes, 10 an hour)',
    }
  const token = at(requested.json, 'app_token')
  if (typeof token !== 'string' || !/^[\w-]{1,128}$/.test(token))
    return { kind: 'not_offered', why: `does not take the request for a key (${requested.status})` }
  const who = user === undefined ? 'sign in' : `sign in as "${user}"`
  ports.terminal.say(
    `\nOctoPrint at ${url} was asked for a key for "${app}".\n` +
      `Open OctoPrint in a browser, ${who}, and allow it there: the key can do what that user can do.\n` +
      'Waiting for your answer in OctoPrint (at most 10 minutes) …\n',
  )
  // Not the `Location` of the answer: that is what OctoPrint believes its address to be.
  const key = await decision(ports, urlBelow(url, `plugin/appkeys/request/${token}`), url)
  ports.terminal.say('OctoPrint gave the key.\n')
  return { kind: 'granted', key }
}

/** Why there is no workflow, or nothing when there is. */
const probe = async (ports: PairPorts, url: string): Promise<string | undefined> => {
  const probed = await call(ports, {
    url: urlBelow(url, 'plugin/appkeys/probe'),
    method: 'GET',
    ms: timeOuts.octoPrintRequest,
  })
  if (probed.kind === 'failed') throw octoPrintUnreachable(url, probed.code)
  if (probed.status === 204) return undefined
  if (probed.status === 403) return 'gives no keys before its first set-up is finished (403)'
  return `gives no keys by itself (${probed.status}; its Application Keys are switched off, or this is no OctoPrint)`
}

const decision = async (ports: PairPorts, poll: string, url: string): Promise<string> => {
  const { clock } = ports
  const begun = clock.monotonic()
  let heard = begun
  for (;;) {
    await pause(ports, pollEvery)
    const answer = await call(ports, { url: poll, method: 'GET', ms: timeOuts.octoPrintRequest })
    const now = clock.monotonic()
    if (answer.kind === 'answered' && answer.status === 202) heard = now
    else if (answer.kind === 'answered' && answer.status === 200) {
      const key = at(answer.json, 'api_key')
      if (typeof key === 'string') return key
      throw new PairError('octoprint', `OctoPrint at ${url} gave something that is no key`)
    } else if (answer.kind === 'answered' && answer.status === 404)
      throw now - begun >= decidedWithin || now - heard > forgottenAfter ? timedOut() : denied()
    else if (now - heard > forgottenAfter)
      // One lost answer is nothing; OctoPrint itself forgets the request after that.
      throw octoPrintUnreachable(url, answer.kind === 'failed' ? answer.code : `${answer.status}`)
    if (now - begun >= decidedWithin) throw timedOut()
  }
}

const denied = () =>
  new PairError(
    'no_key',
    'the key was denied in OctoPrint: run this again and allow it there, or give a key with --api-key',
  )

const timedOut = () =>
  new PairError(
    'no_key',
    'nobody allowed the key in OctoPrint in time: run this again and allow it there, or give a key with --api-key',
  )
