import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { connect } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { selfSigned } from '../../support/self-signed.ts'
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

describe('a certificate of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-tls-'))
  afterEach(() => rmSync(folder, { recursive: true }))
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const write = ({ cert, key }: { cert: string; key: string }) => {
    writeFileSync(files.cert, cert)
    writeFileSync(files.key, key)
  }
  /** Whether whoever trusts this certificate alone gets through. */
  const serves = async (port: number, { cert }: { cert: string }): Promise<boolean> => {
    const socket = connect({ port, host: '127.0.0.1', ca: cert })
    const through = await once(socket, 'secureConnect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    return through
  }

  it('is served anew when the files are, and the old one stays while they do not fit', async () => {
    const [old, young] = [selfSigned(Date.now()), selfSigned(Date.now())]
    write(old)
    const { port, renewCertificate, close } = await listen('127.0.0.1', 0, files)
    open.push(close)
    expect(await serves(port, old)).toBe(true)

    write({ cert: young.cert, key: old.key })
    await expect(renewCertificate()).rejects.toThrow(/check both files; .* of before is served/)
    expect(await serves(port, old)).toBe(true)

    write(young)
    await renewCertificate()
    expect([await serves(port, young), await serves(port, old)]).toEqual([true, false])
    expect(await renewCertificate()).toBeUndefined()
  })
})
