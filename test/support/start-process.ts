import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartProcess {
  readonly child: ChildProcess
  /** The address of the banner; rejects when the process ends before it. */
  readonly address: Promise<string>
  readonly ended: Promise<Ended>
}

interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** A process group of its own, as a terminal gives; Ctrl-C reaches all of it. */
  readonly ownGroup?: boolean
}

/** A command of ours as a real process: `local/main.ts` or another entry, run from the source. */
export const spawnEntry = (
  entry: string,
  args: readonly string[],
  { env = {}, input = '', ownGroup = false }: SpawnOptions = {},
): StartProcess => {
  const clean = { PATH: process.env['PATH'], HOME: process.env['HOME'] }
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, entry), ...args], {
    cwd: root,
    env: { ...clean, ...env },
    detached: ownGroup,
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  )
  const address = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
      const found = /FluxRelay is up: {2}(\S+)\n/.exec(stdout)?.[1]
      if (found !== undefined) resolve(found)
    })
    void ended.then(({ code }) => reject(new TypeError(`ended with ${code} first: ${stderr}`)))
  })
  address.catch(() => undefined)
  return { child, address, ended }
}

/** `npm start`, without npm. */
export const spawnStart = (args: readonly string[], options: SpawnOptions = {}): StartProcess =>
  spawnEntry('local/main.ts', args, options)
