import { describe, expect, it } from 'vitest'
import { RequestError, SignInRequiredError } from '../../client/errors.ts'
import { errorCodes, type ErrorCodeName } from '../../protocol/error-codes.ts'
import { newShareSchema } from '../../protocol/rest-shares.ts'
import { auditActions } from '../../protocol/rest-audit.ts'
import { emptyState } from '../../protocol/printer-state.ts'
import { againIn, failureWords, isForGood } from '../../viewer/parts/failure-words.ts'
import { StartError } from '../../viewer/errors.ts'
import { countdown, remaining } from '../../viewer/parts/format.ts'
import {
  guestHome,
  hrefOf,
  hrefOfSite,
  invitationIn,
  invitationLink,
  routeOf,
  shareLink,
} from '../../viewer/frame/route.ts'
import { auditWords, lifetimesFor, personName } from '../../viewer/site/site-words.ts'
import { endWords, stateText } from '../../viewer/parts/words.ts'

const secret = `${'a-_9'.repeat(10)}xyz`
const refusal = (code: ErrorCodeName, retryAfter?: number) =>
  new RequestError('POST /v1/x', { code, message: 'no', retryable: true, retryAfter })

describe('routes', () => {
  it('lead to sites, adding and invitations', () => {
    expect(routeOf(hrefOfSite('s-1'))).toEqual({ page: 'site', id: 's-1' })
    expect(routeOf('#/add')).toEqual({ page: 'add' })
    expect(routeOf('#/invite')).toEqual({ page: 'invite' })
  })

  it('keep the secret of a share link in the fragment, on the list and on a printer', () => {
    const at = (url: string) => routeOf(new URL(url).hash)
    const link = shareLink('https://relay.test', secret)
    expect(new URL(link).pathname + new URL(link).search).toBe('/')
    expect(at(link)).toEqual({ page: 'guest', secret, id: undefined })
    expect(routeOf(guestHome(secret))).toEqual({ page: 'guest', secret, id: undefined })
    expect(routeOf(hrefOf('p1', guestHome(secret)))).toEqual({ page: 'guest', secret, id: 'p1' })
  })

  it('know the secret of an invitation, and no other text as one', () => {
    expect(invitationIn(new URL(invitationLink('https://relay.test', secret)).hash)).toBe(secret)
    for (const odd of ['#/invite', '#/invite/', `#/invite/${secret}x`, `#/s/${secret}`])
      expect(invitationIn(odd)).toBeUndefined()
  })
})

describe('words of a refusal', () => {
  it('are there for every code, and say what to do', () => {
    for (const code of Object.keys(errorCodes) as ErrorCodeName[])
      expect(failureWords(refusal(code)).length).toBeGreaterThan(20)
    expect(failureWords(new SignInRequiredError('x'))).toMatch(/sign in/)
    expect(failureWords(new TypeError('x'))).toMatch(/relay/)
  })

  it('say how long to wait where the relay does', () => {
    expect(failureWords(refusal('rate_limited', 42_000), 'en')).toMatch(/Wait 42s\.$/)
    expect(failureWords(refusal('rate_limited', 3), 'en')).toMatch(/Wait 1s\.$/)
  })

  it('never repeat what the relay said, which no translator saw', () => {
    expect(failureWords(refusal('internal'))).not.toMatch(/\bno\b/)
  })
})

describe('what could not be loaded', () => {
  it('is asked for again when the relay wants, but not in a hurry', () => {
    expect(againIn(refusal('rate_limited', 42_000))).toBe(42_000)
    expect(againIn(refusal('unavailable', 3))).toBe(5_000)
    expect(againIn(new StartError('issuer_unreachable', 'x'))).toBe(5_000)
  })

  it('is given up where asking again cannot help', () => {
    const code = 'not_admitted'
    const told = { code, message: 'no', retryable: false, retryAfter: 1 } as const
    for (const error of [new RequestError('x', told), new SignInRequiredError('x')]) {
      expect(againIn(error)).toBeUndefined()
      expect(isForGood(error)).toBe(true)
    }
    expect(isForGood(undefined)).toBe(false)
  })
})

describe('words of a printer without a text', () => {
  it.each([
    [{ printing: true, operational: true }, 'Printing'],
    [{ printing: true, paused: true }, 'Paused'],
    [{ printing: true, cancelling: true }, 'Cancelling'],
    [{ operational: true, ready: true }, 'Operational'],
    [{ failed: true, closedOrError: true }, 'Error'],
    [{}, 'Connected'],
  ])('come from the flags %j', (status, text) => {
    const connection = { octoprint: 'ok', printer: 'connected' } as const
    const state = { ...emptyState, status, connection }
    expect(stateText({ state, neverSpoke: false } as Parameters<typeof stateText>[0])).toBe(text)
  })
})

describe('the words of a site', () => {
  it('offer no lifetime that the relay refuses', () => {
    for (const display of [false, true])
      for (const [lifetime] of lifetimesFor(display))
        expect(
          newShareSchema.safeParse({ name: 'a', view: 'full', display, lifetime }).success,
        ).toBe(true)
    expect(lifetimesFor(true).length).toBeGreaterThan(lifetimesFor(false).length)
  })

  it('tell every deed, and people without a name apart', () => {
    expect(Object.keys(auditWords).sort()).toEqual([...auditActions].sort())
    expect(personName(undefined, 'user:abc')).not.toBe(personName(undefined, 'user:abd'))
    expect(personName('a@b', 'user:abc')).toBe('a@b')
  })

  it('say how long something still lives', () => {
    expect(remaining(3 * 86_400_000, 'en')).toBe('3d')
    expect(remaining(90 * 60_000, 'en')).toBe('1h 30m')
    expect([600_000, 59_001, 0].map(countdown)).toEqual(['10:00', '1:00', '0:00'])
  })
})

describe('the end of a session', () => {
  it('says that one signed out everywhere', () => {
    expect(endWords('signed_out')).toMatchObject({
      signIn: true,
      title: 'You signed out everywhere',
    })
  })
})
