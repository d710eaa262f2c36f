import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nodeFile } from '../../../agent/disk/node-file.ts'
import { Outbox, usualLimits } from '../../../agent/outbox/outbox.ts'
import { readOutbox } from '../../../agent/outbox/read-outbox.ts'
import { handClock } from '../support/hand-clock.ts'
import { keptLog } from '../support/kept-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'outbox-'))
const writer = join(folder, 'writer.mjs')
const entry = new URL('endless-writer.ts', import.meta.url).pathname

beforeAll(() =>
  build({ entryPoints: [entry], outfile: writer, bundle: true, platform: 'node', format: 'esm' }),
)
afterAll(() => rmSync(folder, { recursive: true }))

const rig = (path: string) => {
  const log = keptLog()
  const newSource = () => 'source-new'
  const deps = { files: nodeFile(path), clock: handClock(), log, limits: usualLimits, newSource }
  return { log, box: new Outbox(deps) }
}

/** The last number said before `kill -9`, which comes after so many of them. */
const killedAfter = async (path: string, count: number): Promise<number> => {
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.split('\n').length > count + 1) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
}

// §10: "agent or relay is killed at any moment: no confirmed event is lost"
it('has every event that was said to be kept, whenever the process is killed', async () => {
  for (let round = 0; round < 12; round++) {
    const path = join(folder, `killed-${round}`)
    const last = await killedAfter(path, 1 + round * 37)
    const { events } = readOutbox(nodeFile(path).read() ?? '')
    const numbers = events.map(({ m }) => m)
    expect(numbers).toEqual(numbers.map((_, n) => (numbers[0] ?? 0) + n))
    const confirmed = Math.floor(last / 7) * 7 - 3
    expect(numbers[0]).toBeLessThanOrEqual(Math.max(confirmed, 0) + 1)
    expect(numbers.at(-1)).toBeGreaterThanOrEqual(last)
    const { box, log } = rig(path)
    expect(box.pending).toBe(events.length)
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
  }
}, 60_000)

it('makes its folder, and a file that only its owner reads', () => {
  const path = join(folder, 'deep', 'er', 'outbox')
  const { box } = rig(path)
  const memory = { seenAt: 0, connected: true, errored: false, settleUntil: 0 }
  box.keep([{ at: 0, body: { type: 'printer_connected' } }], memory)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(rig(path).box.pending).toBe(1)
})

it('moves a file that is not an outbox aside, and a folder of that name too', () => {
  writeFileSync(
    join(folder, 'other'),
    'something else altogether, longer than any first line of ours',
  )
  mkdirSync(join(folder, 'folder'))
  for (const name of ['other', 'folder']) {
    const { log } = rig(join(folder, name))
    expect(log.lines[0]?.message).toContain('moved aside')
    expect(readdirSync(folder).some((file) => file.startsWith(`${name}.damaged-`))).toBe(true)
  }
})
