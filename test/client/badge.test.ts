import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  badgeOf,
  firstBadge,
  settleBadge,
  settlesAt,
  type Badge,
  type BadgeFacts,
} from '../../client/badge.ts'

const facts: BadgeFacts = {
  link: 'open',
  downFor: 0,
  polledFor: undefined,
  pollEvery: 5_000,
  known: true,
  subscribed: true,
  served: true,
  online: true,
  age: 1_000,
  interval: 30_000,
}

describe('badgeOf', () => {
  it.each<[string, Partial<BadgeFacts>, Badge]>([
    ['link, agent and age are good', {}, 'real-time'],
    ['the agent is away', { online: false }, 'offline'],
    ['the state is old', { age: 62_000 }, 'reconnecting'],
    ['an idle state is minutes old', { age: 200_000, interval: 300_000 }, 'reconnecting'],
    ['the relay has no state', { known: false }, 'offline'],
    ['the link has not taken the subscription yet', { served: false }, 'reconnecting'],
    ['no answer came yet', { known: false, subscribed: false }, 'reconnecting'],
    ['REST serves', { link: 'down', polledFor: 4_000 }, 'polling'],
    ['REST serves slowly', { link: 'down', polledFor: 40_000, pollEvery: 30_000 }, 'polling'],
    [
      'REST serves an agent that is away',
      { link: 'down', polledFor: 4_000, online: false },
      'offline',
    ],
    ['nothing serves, for a moment', { link: 'down', downFor: 4_000 }, 'reconnecting'],
    ['nothing serves, for long', { link: 'down', downFor: 40_000 }, 'offline'],
    ['the session ended', { link: 'ended', polledFor: 1 }, 'offline'],
  ])('when %s', (_, over, badge) => {
    expect(badgeOf({ ...facts, ...over })).toBe(badge)
  })

  it('says real-time only if link, agent and age are all good', () => {
    const any = fc.record({
      link: fc.constantFrom('open' as const, 'down' as const, 'ended' as const),
      downFor: fc.nat(100_000),
      polledFor: fc.option(fc.nat(30_000), { nil: undefined }),
      pollEvery: fc.constantFrom(5_000, 30_000),
      known: fc.boolean(),
      subscribed: fc.boolean(),
      served: fc.boolean(),
      online: fc.boolean(),
      age: fc.option(fc.nat(200_000), { nil: undefined }),
      interval: fc.option(fc.nat(300_000), { nil: undefined }),
    })
    fc.assert(
      fc.property(any, (some) => {
        if (badgeOf(some) !== 'real-time') return
        expect(some).toMatchObject({ link: 'open', known: true, online: true })
        expect(some.age).toBeLessThanOrEqual(61_000)
      }),
    )
  })
})

describe('settleBadge', () => {
  const badges = fc.constantFrom<Badge>('real-time', 'reconnecting', 'polling', 'offline')
  const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 2_000 }), badges), { minLength: 1 })

  it('never shows a change before it is 1 s old, and always some truth within 3 s', () => {
    fc.assert(
      fc.property(changes, (script) => {
        let now = 0
        let badge = firstBadge('real-time', now)
        let truth: Badge = 'real-time'
        let differsSince: number | undefined
        const look = () => {
          const before = badge.shown
          badge = settleBadge(badge, truth, now)
          if (badge.shown !== before) {
            expect(now - (differsSince ?? now)).toBeGreaterThanOrEqual(1_000)
            expect(badge.shown).toBe(truth)
          }
          differsSince = badge.shown === truth ? undefined : (differsSince ?? now)
          if (differsSince !== undefined) expect(now - differsSince).toBeLessThan(3_000)
        }
        for (const [wait, next] of script) {
          const until = now + wait
          for (
            let due = settlesAt(badge);
            due !== undefined && due <= until;
            due = settlesAt(badge)
          ) {
            now = due
            look()
          }
          now = until
          truth = next
          look()
        }
      }),
    )
  })

  it('does not flicker for a loss that heals within a second', () => {
    const lost = settleBadge(firstBadge('real-time', 0), 'reconnecting', 100)
    expect(settleBadge(lost, 'real-time', 1_000)).toEqual(firstBadge('real-time', 1_000))
  })
})
