import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { agentNode } from '../support/agent-node.ts'
import { buildAgent } from '../../agent/build.ts'
import { running } from '../local/octoprint/running.ts'
import { code, pairingRelay, secret } from './support/pairing-relay.ts'

let folder = ''
let bundle = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fluxrelay-pair-'))
  bundle = join(folder, 'fluxrelay-agent.cjs')
  await buildAgent(bundle)
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the one file in a home of its own, without a terminal. */
const agent = (args: readonly string[], env: Record<string, string> = {}) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: folder, env: { XDG_CONFIG_HOME: join(folder, 'config'), ...env } }
    const child = execFile(agentNode, [bundle, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
    child.stdin?.end()
  })

it('pairs as a process, ends by itself, and the agent takes what it wrote', async () => {
  const relay = await pairingRelay()
  const octoprint = await running()
  const config = join(folder, 'a printer.json')
  const env = { OCTOPRINT_URL: octoprint.url, OCTOPRINT_API_KEY: octoprint.key }
  // Before the word or after it, the flag means the same.
  const {
    code: ended,
    stdout,
    stderr,
  } = await agent(['--config', config, 'pair', relay.origin, code], env)
  expect([ended, stderr]).toEqual([0, ''])
  expect(stdout).toContain(`node fluxrelay-agent.cjs --config '${config}'`)
  for (const hidden of [secret, octoprint.key, code]) expect(stdout).not.toContain(hidden)
  expect(await readFile(config, 'utf8')).toContain(secret)
  // All its settings are right: what is wrong is the one that is given here.
  const started = await agent(['--config', config, '--log-level', 'loud'])
  expect(started.code).toBe(2)
  expect(started.stderr.trim().split('\n')).toEqual([expect.stringContaining('log.level')])
})

it('tells what is wrong in one line, and exits with 2', async () => {
  const relay = await pairingRelay()
  const { code: ended, stdout, stderr } = await agent(['pair', relay.origin, 'no code'])
  expect([ended, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^fluxrelay-agent: that is no code: [^\n]+\n$/)
  expect((await agent(['pair'])).code).toBe(2)
  expect((await agent(['pair', relay.origin, code, 'more'])).code).toBe(2)
  expect((await agent(['pair', '--help'])).stdout).toContain('--octoprint <url>')
})
