import { describe, expect, it } from 'vitest'
import { octoPrintWatch } from '../../agent/octoprint-watch.ts'
import type { Outcome } from '../../agent/octoprint/outcome.ts'
import { handClock, settle } from './support/hand-clock.ts'
import { keptLog } from './support/kept-log.ts'
import { ready } from './support/states.ts'

const mighty: Outcome = { kind: 'ok', body: { permissions: ['STATUS', 'CONTROL'] } }

const watching = (answers: Outcome[]) => {
  const log = keptLog()
  const clock = handClock()
  let asked = 0
  const read = async () => answers[Math.min(asked++, answers.length - 1)] ?? mighty
  const watch = octoPrintWatch({ log, read, clock })
  const seen = async () => {
    watch(ready)
    await settle()
    return log.lines.filter(({ message }) => message.includes('do more than read')).length
  }
  return { seen, clock, asked: () => asked }
}

describe('what the key may do', () => {
  it('is asked once and told once', async () => {
    const { seen, clock, asked } = watching([mighty])
    expect(await seen()).toBe(1)
    await clock.advance(600_000)
    expect(await seen()).toBe(1)
    expect(asked()).toBe(1)
  })

  it('is asked again a minute after a read that failed, so that the warning is not lost', async () => {
    const { seen, clock, asked } = watching([{ kind: 'not_answering' }, mighty])
    expect(await seen()).toBe(0)
    expect(await seen()).toBe(0)
    expect(asked()).toBe(1)
    await clock.advance(60_000)
    expect(await seen()).toBe(1)
  })
})
