import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Memory } from '../../../agent/events/memory.ts'
import { retryDisk } from '../../../agent/disk/journal.ts'
import { Outbox, usualLimits } from '../../../agent/outbox/outbox.ts'
import { encodeRecord, firstRecord } from '../../../agent/outbox/record.ts'
import { limits } from '../../../protocol/limits.ts'
import { handClock } from '../support/hand-clock.ts'
import { keptLog } from '../support/kept-log.ts'
import { MemoryFile } from '../disk/memory-file.ts'

const memory: Memory = { seenAt: 0, connected: true, errored: false, settleUntil: 0 }
const paused = (name: string) => ({ type: 'job_paused', name }) as const

let sources = 0
const rig = (files: MemoryFile | undefined = new MemoryFile(), most = usualLimits) => {
  const clock = handClock()
  const log = keptLog()
  const begin = () =>
    new Outbox({ files, clock, log, limits: most, newSource: () => `source-${++sources}` })
  const box = begin()
  const find = (to: Outbox, ...names: string[]) =>
    to.keep(
      names.map((name) => ({ at: clock.monotonic(), body: paused(name) })),
      memory,
    )
  return { files, clock, log, box, begin, find }
}
const told = (box: Outbox) =>
  box.batch(1e6).map(({ m, body }) => `${m} ${'name' in body ? body.name : JSON.stringify(body)}`)
const sourceOf = (box: Outbox) => box.batch(0)[0]?.src ?? ''
const errors = (log: ReturnType<typeof keptLog>) =>
  log.lines.filter(({ level }) => level === 'error').map(({ message }) => message)

describe('events that wait', () => {
  it('are numbered from 1, offered in order, and gone when confirmed', () => {
    const { box, find } = rig()
    find(box, 'a', 'b')
    find(box, 'c')
    expect(told(box)).toEqual(['1 a', '2 b', '3 c'])
    box.heard({ [sourceOf(box)]: 2 }, undefined)
    expect(told(box)).toEqual(['3 c'])
    box.heard({ [sourceOf(box)]: 9 }, undefined)
    expect(box.pending).toBe(0)
  })

  it('go at most a batch at a time', () => {
    const { box, find } = rig()
    find(box, ...Array.from({ length: 50 }, (_, n) => `${n}`))
    expect(box.batch(0).length).toBe(limits.eventsPerBatch)
    box.heard({ [sourceOf(box)]: 20 }, undefined)
    expect(box.batch(0)[0]?.m).toBe(21)
  })

  it('are fewer in a batch when their names are long', () => {
    const { box, find } = rig()
    find(box, ...Array.from({ length: 20 }, () => 'ü'.repeat(500)))
    const batch = box.batch(0)
    expect(batch.length).toBeGreaterThan(5)
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(12_400)
  })

  it('are as old as the monotonic clock says, whatever the wall clock does', async () => {
    const { box, find, clock } = rig()
    find(box, 'a')
    await clock.advance(5000)
    expect(box.batch(clock.monotonic())[0]?.age).toBe(5000)
  })

  it('of an earlier start keep source and number, and are as old as the wall clock says', async () => {
    const { box, find, begin, clock } = rig()
    find(box, 'a')
    find(box, 'b')
    box.heard({ [sourceOf(box)]: 1 }, undefined)
    const source = sourceOf(box)
    await clock.advance(60_000)
    const again = begin()
    find(again, 'c')
    expect(again.batch(0)).toEqual([{ src: source, m: 2, age: 60_000, body: paused('b') }])
    again.heard({ [source]: 2 }, undefined)
    expect(told(again)).toEqual(['1 c'])
    expect(sourceOf(again)).not.toBe(source)
  })

  it('come with what the detector remembered', async () => {
    const { box, find, begin, clock } = rig()
    expect(box.recalled()).toBeUndefined()
    find(box, 'a')
    await clock.advance(7000)
    expect(begin().recalled()).toMatchObject({
      connected: true,
      seenAt: clock.monotonic() - 7000,
      away: { kind: 'agent' },
    })
  })
})

describe('a relay that lost what it had confirmed', () => {
  const lossy = async () => {
    const its = rig()
    its.find(its.box, 'a', 'b', 'c')
    const source = sourceOf(its.box)
    its.box.heard({ [source]: 2 }, its.clock.monotonic())
    await its.clock.advance(1000)
    return { ...its, source }
  }

  it('is told the rest under a new source', async () => {
    const { box, find, begin, clock, source } = await lossy()
    box.heard({}, clock.monotonic())
    find(box, 'd')
    expect(told(box)).toEqual(['1 c', '2 d'])
    expect(sourceOf(box)).not.toBe(source)
    expect(told(begin())).toEqual(['1 c', '2 d'])
  })

  it('is not believed when the answer is to a question of before', async () => {
    const { box, clock, source } = await lossy()
    box.heard({ [source]: 1 }, undefined)
    box.heard({ [source]: 1 }, clock.monotonic() - 1001)
    expect(told(box)).toEqual(['3 c'])
    expect(sourceOf(box)).toBe(source)
  })
})

describe('a full outbox', () => {
  const small = { events: 30, bytes: 1_000_000 }
  const many = Array.from({ length: 30 }, (_, n) => `${n}`)

  it('ends in one event that counts what was lost', () => {
    const { box, find, begin, log } = rig(undefined, small)
    find(box, ...many, 'x')
    find(box, 'y', 'z')
    expect(box.pending).toBe(31)
    expect(log.lines.some(({ level }) => level === 'warn')).toBe(true)
    for (const one of [box, begin()]) {
      one.heard({ [sourceOf(one)]: 30 }, undefined)
      expect(told(one)).toEqual(['31 {"type":"events_lost","count":3}'])
    }
  })

  it('takes events again when there is room', () => {
    const { box, find } = rig(undefined, small)
    find(box, ...many, 'x')
    box.heard({ [sourceOf(box)]: 30 }, undefined)
    find(box, 'y')
    expect(told(box)).toEqual(['31 {"type":"events_lost","count":1}', '32 y'])
  })

  it('is bounded in bytes too, and so is its file', () => {
    const files = new MemoryFile()
    const { box, find } = rig(files, { events: 1000, bytes: 10_000 })
    for (let n = 0; n < 2000; n++) find(box, 'n'.repeat(100))
    expect(box.pending).toBeLessThan(90)
    expect(files.text?.length).toBeLessThan(150_000)
  })
})

describe('the file', () => {
  const outboxes = () => {
    const its = rig()
    const sizes = [0]
    its.find(its.box, 'a')
    sizes.push(its.files?.text?.length ?? 0)
    its.find(its.box, 'ü', 'c')
    sizes.push(its.files?.text?.length ?? 0)
    return { ...its, text: its.files?.text ?? '', sizes }
  }

  it('killed at any byte of a write, holds all before it or that too', () => {
    const { text, sizes } = outboxes()
    for (let cut = 0; cut < text.length; cut++) {
      const files = new MemoryFile(text.slice(0, cut))
      const { box, find, begin, log } = rig(files)
      const whole = sizes.findLastIndex((size) => size <= cut)
      expect(told(box)).toEqual(['1 a', '2 ü', '3 c'].slice(0, [0, 1, 3][whole]))
      expect(errors(log)).toEqual([])
      find(box, 'next')
      const again = begin()
      if (whole > 0) again.heard({ [sourceOf(again)]: 3 }, undefined)
      expect(told(again)).toEqual(['1 next'])
    }
  })

  it('survives any single damaged byte: nothing false, and the file is kept aside', () => {
    const { text } = outboxes()
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bad = String.fromCharCode(text.charCodeAt(at) ^ by)
        const damaged = text.slice(0, at) + bad + text.slice(at + 1)
        const files = new MemoryFile(damaged)
        const { box } = rig(files)
        const names = box.batch(0).flatMap(({ body }) => ('name' in body ? [body.name] : []))
        expect(['a', 'ü', 'c'].filter((name) => names.includes(name))).toEqual(names)
        // Without its end the last line looks unfinished; everything else is kept for a person.

        if (at < text.length - 1) expect(files.aside).toEqual([damaged])
      }),
    )
  })

  it('that is something else is moved aside and told', () => {
    for (const text of ['{"my":"precious"}\n', '\0'.repeat(5000), 'x'.repeat(100)]) {
      const files = new MemoryFile(text)
      const { box, find, log } = rig(files)
      expect(files.aside).toEqual([text])
      expect(errors(log)).toEqual([expect.stringContaining('moved aside')])
      find(box, 'a')
      expect(told(box)).toEqual(['1 {"type":"events_lost","count":1}', '2 a'])
    }
  })

  it('that cannot be read is moved aside; if that fails too, nothing on disk is touched', () => {
    const files = new MemoryFile('secret')
    files.readable = false
    expect(errors(rig(files).log)).toEqual([expect.stringContaining('moved aside')])
    expect(files.aside).toEqual(['secret'])
    const stuck = new MemoryFile('secret')
    stuck.readable = stuck.movable = false
    const { box, find, log } = rig(stuck)
    find(box, 'a')
    expect(told(box)).toEqual(['1 a'])
    expect(stuck.text).toBe('secret')
    expect(errors(log)).toEqual([expect.stringContaining('in memory only')])
  })

  it('of a full disk: events stay in memory, one line is said, and it is tried again', async () => {
    const { box, find, begin, log, files, clock } = rig()
    find(box, 'a')
    if (files) files.free = 20
    find(box, 'b')
    find(box, 'c')
    expect(told(box)).toEqual(['1 a', '2 b', '3 c'])
    expect(told(begin())).toEqual(['1 a'])
    await clock.advance(3 * retryDisk)
    expect(errors(log).length).toBe(1)
    if (files) files.free = 10_000
    await clock.advance(retryDisk)
    expect(told(begin())).toEqual(['1 a', '2 b', '3 c'])
    expect(clock.timers).toBe(0)
  })

  it('has a checksum on every line, in plain ASCII', () => {
    const { text } = outboxes()
    expect(text.startsWith(encodeRecord(firstRecord))).toBe(true)
    expect(text).toMatch(/^([0-9a-f]{12} [\x20-\x7e]+\n)+$/)
  })
})

it('works without a disk', () => {
  const { box, find } = rig(undefined)
  find(box, 'a')
  expect(told(box)).toEqual(['1 a'])
})
