import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../../../local/octoprint/cli.ts'

/** Runs the command in this process, stopped as soon as it has printed a key. */
const run = async (...args: string[]) => {
  const stop = new AbortController()
  const out: string[] = []
  const errors: string[] = []
  const code = await runCli(args, {
    out: (line) => {
      out.push(line)
      if (line.startsWith('API key')) stop.abort()
    },
    error: (line) => errors.push(line),
    signal: stop.signal,
  })
  return { code, out, errors }
}

describe('the command', () => {
  it('prints its URL and key, and stops when told', async () => {
    const { code, out } = await run('--port', '0', '--recording', 'print-complete', '--speed', '10')
    expect(code).toBe(0)
    expect(out[0]).toMatch(/^Virtual OctoPrint: http:\/\/127\.0\.0\.1:\d+$/)
    expect(out[1]).toMatch(/^API key: [\w-]{43}$/)
  })

  it('lists the recordings', async () => {
    const { code, out } = await run('--list')
    expect([code, out.length]).toEqual([0, 7])
  })

  it('explains itself', async () => {
    const { code, out } = await run('--help')
    expect([code, out.join('\n').includes('--recording <name>')]).toEqual([0, true])
  })

  it.each([
    [['--recording', 'nope'], 'There is no recording "nope"'],
    [['--port', '70000'], '0 to 65535'],
    [['--port'], 'argument missing'],
    [['--speed', '0'], 'above 0'],
    [['--speed', 'fast'], 'above 0'],
    [['--seed', '1.5'], 'whole number'],
    [['--prot', '1'], "unknown option '--prot'"],
    [['extra'], 'too many arguments'],
    [['--key', 'short'], '--key must be'],
    [['--host', '192.0.2.1', '--port', '0'], 'Cannot listen on 192.0.2.1:0'],
  ])('refuses %j with one line and code 2', async (args, words) => {
    const { code, out, errors } = await run(...args)
    expect([code, out, errors.length]).toEqual([2, [], 1])
    expect(errors[0]).toContain(words)
    expect(errors[0]).not.toContain('\n')
  })

  it('does not repeat a key that it refuses', async () => {
    expect((await run('--key', 's3cr3t!')).errors[0]).not.toContain('s3cr3t')
  })

  it('says that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as AddressInfo
    const { code, errors } = await run('--port', `${port}`)
    expect([code, errors]).toEqual([
      2,
      [`Port ${port} on 127.0.0.1 is taken. Choose another with --port.`],
    ])
  })

  it('ends with code 0 on a signal, as a process', async () => {
    const args = ['--import', 'tsx', 'local/octoprint/main.ts', '--port', '0']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    for await (const line of createInterface(child.stdout)) {
      if (line.startsWith('API key')) child.kill('SIGINT')
    }
    expect(await exited).toEqual([0, null])
  })
})
