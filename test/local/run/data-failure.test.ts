import { describe, expect, it } from 'vitest'
import { dataFailure } from '../../../local/run/data-failure.ts'

const failure = (code: string, message: string) => Object.assign(new Error(message), { code })

describe('a disk that fails below the data', () => {
  it.each([
    ['LEVEL_IO_ERROR', 'IO error: /d/tables/db/000006.log: No space left on device'],
    ['ENOSPC', 'ENOSPC: no space left on device, write'],
  ])('is told in one line that names the folder and the reason: %s', (code, message) => {
    const told = dataFailure(failure(code, message), '/d')?.message
    expect(told).toMatch(new RegExp(`/d .*${code}, no space left.*make room`, 'i'))
    expect(told).not.toContain('\n')
  })

  it('is nothing else', () => {
    expect(dataFailure(new TypeError('x is undefined'), '/d')).toBeUndefined()
    expect(dataFailure(failure('ECONNRESET', 'read ECONNRESET'), '/d')).toBeUndefined()
    expect(dataFailure('LEVEL_IO_ERROR', '/d')).toBeUndefined()
  })
})
