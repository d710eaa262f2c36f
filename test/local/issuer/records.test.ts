import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileRecords } from '../../../local/issuer/records.ts'
import { startIssuer, tempFolder } from './support.ts'

let dir: string
let remove: () => Promise<void>
beforeEach(async () => ({ dir, remove } = await tempFolder()))
afterEach(() => remove())

const kept = async () => {
  const text = await readFile(join(dir, 'sign-ins.json'), 'utf8').catch(() => '{"records":[]}')
  return (JSON.parse(text) as { records: [string, unknown][] }).records.map(([key]) => key)
}
const open = () => fileRecords(dir, () => 0)

describe('what the issuer keeps', () => {
  it('is nothing of strangers who open the page that signs out', async () => {
    const issuer = await startIssuer({ dataDir: dir })
    for (let visit = 0; visit < 5; visit++)
      expect((await fetch(`${issuer.issuerUrl}/session/end`)).status).toBe(200)
    await issuer.stop()
    expect(await kept()).toEqual([])
  })

  it('holds a session of nobody in memory, and only so many of them', async () => {
    const records = await open()
    for (let id = 0; id < 1_100; id++) await records.put('Session', `s${id}`, { uid: `u${id}` }, 1)
    expect(records.get('Session', 's0')).toBeUndefined()
    expect(records.get('Session', 's1099')).toEqual({ uid: 'u1099' })
    expect(records.find('Session', ({ uid }) => uid === 'u1099')).toEqual({ uid: 'u1099' })
    expect(await kept()).toEqual([])
  })

  it('lasts from when somebody signs in until they sign out', async () => {
    const records = await open()
    await records.put('Session', 's', { uid: 'u' }, 1)
    await records.put('Session', 's', { uid: 'u', accountId: 'me' }, 1)
    expect((await open()).get('Session', 's')).toEqual({ uid: 'u', accountId: 'me' })
    await records.put('Session', 's', { uid: 'u' }, 1)
    expect((await open()).get('Session', 's')).toBeUndefined()
    expect(records.get('Session', 's')).toEqual({ uid: 'u' })
  })
})
