import { describe, expect, it } from 'vitest'
import { retryDisk } from '../../../agent/disk/journal.ts'
import { fileShelf } from '../../../agent/history/shelf.ts'
import type { WaitingChunk } from '../../../agent/history/waiting-chunk.ts'
import { MemoryFile } from '../disk/memory-file.ts'
import { handClock } from '../support/hand-clock.ts'
import { keptLog } from '../support/kept-log.ts'

const chunk = (number: number): WaitingChunk => ({
  ...{ inst: 'start-0001', chunk: number, step: 2000, length: 2, wall: 1_800_000_000_000 },
  columns: { 'tool0.actual': [200, 1, 0, 1] },
})
const open = (file: MemoryFile) => {
  const log = keptLog()
  const clock = handClock()
  const shelf = fileShelf(file, { clock, log })
  const all: WaitingChunk[] = [...shelf.left]
  const add = (number: number) => {
    all.push(chunk(number))
    shelf.added(chunk(number), all)
  }
  return { shelf, add, clock, told: () => log.lines.map(({ message }) => message) }
}
const numbers = (file: MemoryFile) => open(file).shelf.left.map((one) => one.chunk)

describe('the shelf of waiting history', () => {
  it('gives back what was put on it, in order, and nothing that the relay has', () => {
    const file = new MemoryFile()
    const { shelf, add } = open(file)
    for (const number of [0, 1, 2]) add(number)
    expect(numbers(file)).toEqual([0, 1, 2])
    shelf.removed([])
    expect(numbers(file)).toEqual([])
  })

  it('is written once a chunk and once when it is empty', () => {
    const file = new MemoryFile()
    const { shelf, add } = open(file)
    for (const number of [0, 1, 2]) add(number)
    shelf.removed([chunk(2)])
    expect(file.writes).toBe(3)
  })

  it.each([
    ['a line that was torn', (text: string) => text.slice(0, -20), [0], []],
    ['a line that rotted', (text: string) => text.replace('start', 'stort'), [1], ['damaged']],
    ['a file that is none of ours', () => 'hello\n', [], ['damaged']],
    ['nothing', () => '', [], []],
  ])('survives %s, says what is lost and goes on', (_, damage, left, says) => {
    const whole = new MemoryFile()
    const before = open(whole)
    for (const number of [0, 1]) before.add(number)
    const file = new MemoryFile(damage(whole.text ?? ''))
    const { shelf, add, told } = open(file)
    expect(shelf.left.map((one) => one.chunk)).toEqual(left)
    expect(told().length).toBe(says.length)
    for (const word of says) expect(told().join()).toContain(word)
    add(7)
    expect(numbers(file)).toEqual([...left, 7])
  })

  it('of a full disk is kept in memory, and written when there is room again', () => {
    const file = new MemoryFile()
    const { add, told } = open(file)
    add(0)
    file.free = 10
    for (const number of [1, 2]) add(number)
    expect(told()).toMatchObject([expect.stringContaining('cannot be written')])
    expect(numbers(new MemoryFile(file.text))).toEqual([0])
    file.free = Infinity
    add(3)
    expect(told().at(-1)).toContain('on disk again')
    expect(numbers(file)).toEqual([0, 1, 2, 3])
  })

  it('of a full disk is tried again by itself, until the agent stops', async () => {
    const file = new MemoryFile()
    const { shelf, add, clock } = open(file)
    add(0)
    file.free = 10
    add(1)
    file.free = Infinity
    await clock.advance(retryDisk)
    expect(numbers(file)).toEqual([0, 1])
    expect(clock.timers).toBe(0)
    file.free = 10
    add(2)
    shelf.stop()
    expect(clock.timers).toBe(0)
  })

  it('that cannot be read is told and replaced', () => {
    const file = new MemoryFile('?')
    file.readable = false
    const { shelf, add, told } = open(file)
    expect(shelf.left).toEqual([])
    expect(told()).toMatchObject([expect.stringContaining('cannot be read')])
    file.readable = true
    add(1)
    expect(numbers(file)).toEqual([1])
  })
})
