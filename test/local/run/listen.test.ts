import { afterEach, describe, expect, it } from 'vitest'
import { listen } from '../../../local/run/listen.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

describe('a server that listens', () => {
  it('asks to come again until there is somebody to answer, then stays out of it', async () => {
    const { server, port, close } = await listen('127.0.0.1', 0, undefined)
    open.push(close)
    const early = await fetch(`http://127.0.0.1:${port}/`)
    expect(early.status).toBe(503)
    expect(early.headers.get('retry-after')).toBe('1')
    server.on('request', (_request, response) => response.end('here'))
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here')
  })
  it('keeps no socket for strangers who say nothing, or never come to an end', async () => {
    const { server, close } = await listen('127.0.0.1', 0, undefined)
    open.push(close)
    const { timeout, headersTimeout, requestTimeout } = server
    expect({ timeout, headersTimeout, requestTimeout }).toEqual({
      timeout: 60_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    })
  })
})
