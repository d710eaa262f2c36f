import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { logOut } from '../../agent/log-out.ts'
import { makeLog } from '../../agent/make-log.ts'

const opened: number[] = []
const open = (path: string): number => {
  const fd = openSync(path, 'w')
  opened.push(fd)
  return fd
}
afterEach(() => opened.splice(0).forEach(closeSync))

describe('where log lines go', () => {
  it('has each line in the file when the call returns', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-log-'))
    const path = join(folder, 'log')
    const log = makeLog('info', logOut(open(path)))
    log.info({ a: 1 }, 'first')
    log.warn({}, 'second')
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'first',
      'second',
    ])
    rmSync(folder, { recursive: true })
  })

  it('loses the lines of a full disk and holds nothing up', () => {
    const log = makeLog('info', logOut(open('/dev/full')))
    for (let line = 0; line < 1_000; line++) log.error({ line }, 'no room for this')
    expect(opened).toHaveLength(1)
  })
})
