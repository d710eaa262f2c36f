import { describe, expect, it } from 'vitest'
import { accountsOf, holds } from './accounts.ts'
import { liveCounts } from './live-items.ts'
import { activityAt } from './people.ts'
import { runSoak } from './run-soak.ts'
import { makeSoakWorld } from './soak-world.ts'
import { verdictOf } from './verdict.ts'

/** Small, so that it stays fast beside other work: `npm run soak` is the day. */
const tiny = { seed: 5, hours: 1 / 6, warm: 0, printers: 2, viewers: 4 }

describe('a soak', () => {
  it('explains every item, counter and event of ten minutes', async () => {
    const soaked = await runSoak(tiny, () => {})
    const claims = verdictOf(soaked)
    expect(claims.filter((claim) => !claim.holds)).toEqual([])
    expect(soaked.samples).toHaveLength(1)
  }, 90_000)

  it('finds a live item that has no reason to be there', async () => {
    const world = await makeSoakWorld(tiny)
    await world.live.put({ pk: 'K#used', sk: 'K', expiresAt: world.now() / 1000 + 60 })
    expect(liveCounts(world)).toMatchObject({ ticket: 1, unexplained: 0 })
    await world.live.put({ pk: 'X#what', sk: 'X' })
    expect(liveCounts(world)).toMatchObject({ ticket: 1, unexplained: 1 })
    expect(world.violations).toHaveLength(1)
  })

  it('finds a connection that outlives its $disconnect, and an item that no sweeper took', async () => {
    const world = await makeSoakWorld(tiny)
    const inAnHour = world.now() / 1000 + 3600
    await world.live.put({ pk: 'C#c1', sk: 'C', expiresAt: inAnHour })
    await world.live.put({ pk: 'C#c2', sk: 'C', expiresAt: world.now() / 1000 - 600 })
    await world.live.put({ pk: 'C#c3', sk: 'C', expiresAt: world.now() / 1000 - 7200 })
    expect(liveCounts(world)).toMatchObject({ leftConnection: 1, expired: 1, unexplained: 1 })
    world.tally.disconnected.add('c1')
    expect(liveCounts(world)).toMatchObject({ leftConnection: 0, expired: 1, unexplained: 2 })
  })

  it('does not close its books over a post that was not counted', async () => {
    const world = await makeSoakWorld(tiny)
    expect(accountsOf(world).every(holds)).toBe(true)
    world.tally.count('post sent')
    const open = accountsOf(world).filter((account) => !holds(account))
    expect(open.map(({ name }) => name)).toEqual(['posts{sent}'])
  })

  it('lets the day rise and fall alike on both sides of its middle', () => {
    for (const off of [1, 5, 10]) expect(activityAt(off)).toBeCloseTo(activityAt(-off))
    expect(activityAt(0)).toBe(1)
    expect(activityAt(12)).toBeCloseTo(0.2)
  })
})
