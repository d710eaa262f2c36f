import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { silencesBeforeAlarm, timeOuts } from '../../protocol/time-outs.ts'

describe('the table of time-outs', () => {
  it('ends a handler before the pending subscription it works on', () => {
    expect(timeOuts.handler).toBeLessThan(timeOuts.pendingSubscription)
  })
  it('ends a post and a call of the store well before their handler', () => {
    expect(timeOuts.post + timeOuts.store).toBeLessThan(timeOuts.handler)
  })
  it('fits two pings into a lease', () => {
    expect(2 * timeOuts.ping).toBeLessThan(timeOuts.lease)
  })
  it('keeps an idle connection alive before the gateway cuts it', () => {
    expect(timeOuts.silenceIdle).toBeLessThan(timeOuts.connectionIdle)
    expect(timeOuts.ping).toBeLessThan(timeOuts.connectionIdle)
  })
  it('hands over before the gateway cuts at two hours', () => {
    expect(timeOuts.handOverBefore).toBeGreaterThan(timeOuts.dial)
    expect(timeOuts.handOverBefore).toBeLessThan(timeOuts.connectionLife)
  })
  it('asks for an ack within the declared silence, and notices the lost one later', () => {
    expect(timeOuts.ackEvery).toBeLessThan(timeOuts.silenceWatched)
    expect(timeOuts.ackLate).toBeLessThan(timeOuts.ackLost)
  })
  it('forgets an owner only after the watchdog could have told', () => {
    expect(timeOuts.ownerForgotten).toBeGreaterThan(timeOuts.silenceWatched * silencesBeforeAlarm)
  })
  it('leaves room for a whole state in every frame', () => {
    expect(limits.stateBytes * 2).toBeLessThan(limits.frameBytes)
  })
})
