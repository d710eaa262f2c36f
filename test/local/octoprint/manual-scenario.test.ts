import { describe, expect, it } from 'vitest'
import { manualScenario } from '../../../local/octoprint/manual-scenario.ts'
import { syntheticPrint } from '../../../local/octoprint/synthetic-print.ts'
import { ask, running, standingClock } from './running.ts'

describe('the manual scenario', () => {
  it('serves a value from the moment it was set, and tells that moment', async () => {
    const clock = standingClock(5)
    const told: [string, number][] = []
    const scenario = manualScenario({
      initial: syntheticPrint().at(0),
      now: clock.now,
      onSet: (path, at) => told.push([path, at]),
    })
    const octoprint = await running({ scenario })
    clock.goTo(42)
    expect(scenario.set('/api/job', { state: 'Operational' })).toBe(42)
    expect((await ask(octoprint, '/api/job')).body).toEqual({ state: 'Operational' })
    scenario.set('/api/printer', { error: 'Printer is not operational' }, 409)
    expect((await ask(octoprint, '/api/printer')).status).toBe(409)
    expect(told).toEqual([
      ['/api/job', 42],
      ['/api/printer', 42],
    ])
  })

  it('updates an answer from the present one', () => {
    const scenario = manualScenario({ initial: syntheticPrint().at(0), now: () => 0 })
    scenario.update('/api/job', ({ body }) => ({ status: 503, body }))
    const before = syntheticPrint().at(0)['/api/job'].body
    expect(scenario.current()['/api/job']).toEqual({ status: 503, body: before })
  })
})
