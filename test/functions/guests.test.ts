import { describe, expect, it } from 'vitest'
import { guestAnswerSchema } from '../../protocol/rest-shares.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { printersHandler } from '../../functions/handlers/printers.ts'
import { sharesRedeemHandler } from '../../functions/handlers/shares-redeem.ts'
import type { HttpEvent } from '../../functions/handlers/http.ts'
import { shareOfGuest } from '../../functions/relay/caller.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { rateLimits } from '../../functions/relay/limits/rate-limits.ts'
import { guestBy, personOf, shareIn } from '../model/guests.ts'
import { makeWorld, owner, printerId, siteId, startOfTime } from '../model/world.ts'

const hour = timeOuts.shareShortest
const address = '192.0.2.7'
const wrong = 'A'.repeat(43)

describe('redeeming a share link', () => {
  it('gives a token of a day, or to the end of the link, and says what it is for', async () => {
    const world = await makeWorld()
    const short = await shareIn(world)
    const answer = await world.relay.redeemShare(address, () => short.secret)
    expect(guestAnswerSchema.parse(answer)).toEqual(answer)
    expect(answer).toMatchObject({
      ...{ until: short.until, name: 'Workshop', view: 'basic', display: false, printerId },
      now: startOfTime,
    })
    const long = await shareIn(world, {
      ...{ printerId: undefined, display: true, lifetime: timeOuts.displayLongest },
    })
    const day = await world.relay.redeemShare(address, () => long.secret)
    expect(day).toMatchObject({ until: startOfTime + timeOuts.guestToken, display: true })
    expect(day).not.toHaveProperty('printerId')
  })

  it('tells guests apart and keeps no token', async () => {
    const live = memoryTable()
    const world = await makeWorld({ live })
    const share = await shareIn(world)
    const one = await guestBy(world, share.secret)
    const two = await guestBy(world, share.secret)
    expect(one.principal).not.toBe(two.principal)
    expect([one, two].map(({ principal }) => shareOfGuest(principal))).toEqual([share.id, share.id])
    const kept = JSON.stringify([live.items(), world.logged])
    for (const text of [one.token, one.token.slice(4), share.secret])
      expect(kept).not.toContain(text)
  })

  it('says of unknown, ended and withdrawn links the same', async () => {
    const world = await makeWorld()
    const ended = await shareIn(world)
    world.clock.now += hour
    const withdrawn = await shareIn(world)
    await world.relay.revokeShare(personOf(owner), siteId, withdrawn.id)
    const refusals: unknown[] = []
    // Its hash, which owners see in the list, is not the secret.
    for (const secret of [wrong, ended.secret, withdrawn.secret, withdrawn.id])
      await world.relay
        .redeemShare(address, () => secret)
        .catch(({ code, message, about }: Record<string, unknown>) =>
          refusals.push({ code, message, about }),
        )
    expect(refusals.length).toBe(4)
    expect(new Set(refusals.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(refusals[0]).toMatchObject({ code: 'secret_not_valid' })
  })

  it('limits the tries of an address before it looks at them, and lets others go on', async () => {
    const world = await makeWorld()
    const share = await shareIn(world)
    let looked = 0
    const attempt = (from: string, secret: string) =>
      world.relay.redeemShare(from, () => {
        looked += 1
        return secret
      })
    for (let i = 0; i < rateLimits.redeeming.burst; i++)
      await expect(attempt(address, wrong)).rejects.toMatchObject({ code: 'secret_not_valid' })
    const { everyMs } = rateLimits.redeeming
    await expect(attempt(address, share.secret)).rejects.toMatchObject({
      ...{ code: 'rate_limited', retryAfter: everyMs },
    })
    expect(looked).toBe(rateLimits.redeeming.burst)
    await attempt('198.51.100.1', share.secret)
    world.clock.now += everyMs
    await attempt(address, share.secret)
  })

  it('limits the tries of all addresses together', async () => {
    const world = await makeWorld()
    const { burst } = rateLimits.redeemingOfAll
    const tries = Array.from({ length: burst + 1 }, (_, i) =>
      world.relay
        .redeemShare(`2001:db8::${i}`, () => wrong)
        .then(
          () => 'given',
          (error: { code: string }) => error.code,
        ),
    )
    expect(await Promise.all(tries)).toContain('rate_limited')
  })
})

describe('a guest’s token', () => {
  it('stands for the guest until it ends', async () => {
    const world = await makeWorld()
    const share = await shareIn(world, { lifetime: timeOuts.shareLongest })
    world.clock.now += hour
    const { token } = await guestBy(world, share.secret)
    const signedAt = startOfTime + hour
    expect(await world.relay.guestOf(token)).toMatchObject({
      ...{ signedAt, session: signedAt + timeOuts.guestToken },
    })
    world.clock.now = signedAt + timeOuts.guestToken
    await expect(world.relay.guestOf(token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is nothing when it is unknown, mangled, or of another kind', async () => {
    const world = await makeWorld()
    const { token } = await guestBy(world, (await shareIn(world)).secret)
    for (const other of ['', 'frg_', `frg_${wrong}`, token.slice(4), `${token} `, `frp_1_${wrong}`])
      await expect(world.relay.guestOf(other)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('the routes of guests', () => {
  const event = (more: object): HttpEvent => ({
    ...{ routeKey: 'GET /v1/guest/printers', headers: {} },
    requestContext: { requestId: 'request-1', http: { sourceIp: address } },
    ...more,
  })

  it('lead from the link’s secret to its printers, and refuse without the token', async () => {
    const world = await makeWorld()
    const { secret } = await shareIn(world)
    const redeem = sharesRedeemHandler(world.relay)
    const redeemed = await redeem(event({ body: JSON.stringify({ secret }) }))
    expect(redeemed).toMatchObject({ statusCode: 200, headers: { 'Cache-Control': 'no-store' } })
    const { token } = guestAnswerSchema.parse(JSON.parse(redeemed.body))
    const printers = printersHandler(world.relay)
    const answer = await printers(event({ headers: { authorization: `Bearer ${token}` } }))
    expect(JSON.parse(answer.body)).toMatchObject({
      printers: [{ id: printerId, role: 'guest', site: { id: 'shared', name: 'Workshop' } }],
    })
    expect(await printers(event({}))).toMatchObject({ statusCode: 401 })
    // A guest's token is no sign-in.
    const headers = { authorization: `Bearer ${token}` }
    const asPerson = event({ routeKey: 'GET /v1/printers', headers })
    expect(await printers(asPerson)).toMatchObject({ statusCode: 401 })
  })

  it('never tell a secret that was not valid', async () => {
    const world = await makeWorld()
    const redeem = sharesRedeemHandler(world.relay)
    for (const body of [JSON.stringify({ secret: wrong }), `{"secret": "${wrong}`, `"${wrong}"`]) {
      const answer = await redeem(event({ body }))
      expect(answer.statusCode).toBeGreaterThanOrEqual(400)
      expect(JSON.stringify([answer, world.logged])).not.toContain(wrong)
    }
  })
})
