import { describe, expect, it } from 'vitest'
import type { EventBody, LoggedEvent } from '../../protocol/printer-event.ts'
import { faultsOf, nameOf } from './timeline.ts'

const started: EventBody = { type: 'job_started', name: 'a' }
const paused: EventBody = { type: 'job_paused', name: 'a' }
const ended: EventBody = { type: 'job_failed', reason: 'cancelled', name: 'a' }
const happened = [
  { name: nameOf(started), must: true },
  { name: nameOf(paused), must: false },
  { name: nameOf(ended), must: true },
]
const logOf = (...bodies: EventBody[]): LoggedEvent[] =>
  bodies.map((body, place) => ({ printerId: 'p', n: place + 1, at: 0, body }))
const faults = (log: LoggedEvent[], kept: string[] = []) => faultsOf(log, happened, new Set(kept))

describe('the judge of a log', () => {
  it('finds nothing in what happened, with or without what nobody saw', () => {
    expect(faults(logOf(started, paused, ended))).toEqual([])
    expect(faults(logOf(started, ended))).toEqual([])
  })

  it.each<[string, LoggedEvent[], string[], string]>([
    ['loss', logOf(started), [], 'happened and is missing: job_failed cancelled a'],
    ['loss from the outbox', logOf(started, ended), ['job_paused a'], 'kept and is missing'],
    ['doubling', logOf(started, started, ended), [], 'twice: job_started a'],
    ['disorder', logOf(ended, started), [], 'too late: job_started a'],
    ['invention', logOf(started, ended, { type: 'printer_error' }), [], 'never happened'],
    ['a wrong reason', logOf(started, { ...ended, reason: 'error' }), [], 'never happened'],
    ['a hole', logOf(started, ended).map((one) => ({ ...one, n: one.n * 2 })), [], 'number 2'],
  ])('finds %s', (_, log, kept, fault) => {
    expect(faults(log, kept).join()).toContain(fault)
  })
})
