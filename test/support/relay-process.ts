import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface RelayProcess {
  readonly origin: string
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>
  /** Ctrl-C; answers the exit code. */
  stop(): Promise<number | null>
}

/** `npm start` as a process of its own; resolves when it says that it is up. */
export const startProcess = async (args: readonly string[]): Promise<RelayProcess> => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a terminal gives.
    detached: true,
  })
  const origin = await originOf(child)
  const signal = async (name: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    if (child.pid !== undefined) process.kill(-child.pid, name)
    await exited
    return child.exitCode
  }
  return { origin, kill: async () => void (await signal('SIGKILL')), stop: () => signal('SIGINT') }
}

class NotUp extends Error {
  override readonly name = 'NotUp'
}

const originOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    const hear = (text: Buffer) => {
      said += text.toString()
      const [, origin] = /is up:\s+(\S+)/.exec(said) ?? []
      if (origin !== undefined) resolve(origin)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.on('exit', (code) => reject(new NotUp(`the relay ended with ${code}: ${said}`)))
  })
