import { expect, it } from 'vitest'
import { runKills } from './run-kills.ts'

// §10: "agent or relay is killed at any moment: no confirmed event is lost"
it.concurrent.each([
  ['agent', 4],
  ['relay', 2],
  ['start', 2],
] as const)(
  'loses, doubles and reorders nothing when the process is killed: %s, %i times',
  async (victim, times) => {
    const { faults, figures } = await runKills({ victim, times, seed: 1 })
    expect(faults).toEqual([])
    expect(figures).toMatchObject({ kills: times })
  },
  90_000,
)
