import { afterEach, beforeEach, expect, it } from 'vitest'
import { startIssuer, tempFolder, type Running } from './support.ts'

let remove: () => Promise<void>
let one: Running

beforeEach(async () => {
  const folder = await tempFolder()
  remove = folder.remove
  one = await startIssuer({ dataDir: folder.dir })
})
afterEach(async () => {
  await one.stop()
  await remove()
})

it.each(['', '/', '?x', '?x=/auth', '/nowhere', '//auth', '/%ff'])(
  'answers the target %j with 404 and no fault of its own',
  async (rest) => {
    expect((await fetch(`${one.issuerUrl}${rest}`)).status).toBe(404)
    expect(one.errors).toEqual([])
  },
)
