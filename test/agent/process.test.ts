import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentNode } from '../support/agent-node.ts'
import { buildAgent } from '../../agent/build.ts'
import { settings } from '../../agent/config/settings.ts'
import { agentVersion } from '../../agent/version.ts'

const run = promisify(execFile)
let folder = ''
let bundle = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fluxrelay-agent-'))
  bundle = join(folder, 'fluxrelay-agent.cjs')
  await buildAgent(bundle)
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the bundle away from any node_modules, with an environment of its own. */
const agent = async (args: string[], env: Record<string, string> = {}) => {
  try {
    const { stdout, stderr } = await run(agentNode, [bundle, ...args], { cwd: folder, env })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

/** What Debian's /etc/hosts makes of localhost, for hosts of another mind. */
const sixFirst = `
const dns = require('node:dns')
dns.lookup = (_name, { all }, done) => all
  ? done(null, [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }])
  : done(null, '::1', 6)
`

describe('the one file', () => {
  it('runs alone and tells its version', async () => {
    expect(await agent(['--version'])).toMatchObject({ code: 0, stdout: `${agentVersion}\n` })
  })

  it('explains every flag and variable', async () => {
    const { stdout } = await agent(['--help'])
    for (const { flag, env } of settings) {
      expect(stdout).toContain(flag)
      expect(stdout).toContain(env)
    }
  })

  it('tells every mistake in a line of its own, never a value, and exits with 2', async () => {
    const { code, stderr } = await agent(['--token', 'frp_SECRET', '--status-interval', '1'], {
      FLUXRELAY_URL: 'ws://relay.example',
    })
    expect(code).toBe(2)
    const lines = stderr.trim().split('\n')
    expect(lines.length).toBe(5)
    expect(lines.every((line) => line.startsWith('fluxrelay-agent: '))).toBe(true)
    expect(stderr).not.toContain('SECRET')
  })

  it.each([['--bogus'], ['stray'], ['--token']])('exits with 2 for %s', async (arg) => {
    expect((await agent([arg])).code).toBe(2)
  })

  it('exits with 2 when its settings file is not there', async () => {
    const { code, stderr } = await agent(['--config', join(folder, 'none.json')])
    expect(code).toBe(2)
    expect(stderr).toContain('ENOENT')
  })

  /** The agent of a relay and an OctoPrint behind one port of `host`; resolves when it has dialled. */
  const dialling = async (host: string, stdout: number | 'ignore', more: string[]) => {
    const server = createServer((socket) => void socket.on('error', () => socket.destroy()))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const here = `${host}:${(server.address() as AddressInfo).port}`
    const dialled = once(server, 'connection')
    const child = spawn(agentNode, [...more, bundle], {
      cwd: folder,
      env: {
        HOME: folder,
        FLUXRELAY_URL: `ws://${here}/`,
        FLUXRELAY_TOKEN: `frp_p1_${'x'.repeat(43)}`,
        OCTOPRINT_URL: `http://${here}`,
        OCTOPRINT_API_KEY: 'a-key',
      },
      stdio: ['ignore', stdout, 'inherit'],
    })
    const exit = once(child, 'exit')
    await Promise.race([dialled, exit])
    return async () => {
      child.kill('SIGTERM')
      server.close()
      return exit
    }
  }

  it('runs and stops although its log has no room on the disk', async () => {
    const full = openSync('/dev/full', 'w')
    const stop = await dialling('127.0.0.1', full, [])
    expect(await stop()).toEqual([0, null])
    closeSync(full)
  })

  it('reaches an OctoPrint on 127.0.0.1 alone where localhost is ::1 first', async () => {
    const preload = join(folder, 'localhost.cjs')
    await writeFile(preload, sixFirst)
    const stop = await dialling('localhost', 'ignore', ['--require', preload])
    expect(await stop()).toEqual([0, null])
  })

  it('has nothing in it that Node 18 lacks at load', async () => {
    const text = await readFile(bundle, 'utf8')
    expect(text).not.toMatch(/\bimport\.meta\b/)
    expect(text.length).toBeLessThan(400_000)
  })
})
