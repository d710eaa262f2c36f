import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** What is killed again and again, and begun anew at once. */
export interface Victim {
  /** How often it was begun. */
  readonly starts: () => number
  /** `kill -9`, and begins it anew when it is gone. */
  kill(): Promise<void>
  /** `kill -9` for good. */
  end(): Promise<void>
  /** Rejects when a life ends that nobody took. */
  readonly died: Promise<never>
}

interface Command {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** What a life wrote to its output. */
  readonly said: (text: string) => void
}

export class EndedByItself extends Error {
  override readonly name = 'EndedByItself'
}

/** A Node process without a wrapper, so that the signal meets the process itself. */
export const victim = ({ args, env, cwd, said }: Command): Victim => {
  let starts = 0
  let ended = false
  let tellDeath: (error: Error) => void = () => {}
  const died = new Promise<never>((_, reject) => (tellDeath = reject))
  died.catch(() => undefined)
  const begin = (): ChildProcess => {
    starts++
    const child = spawn(process.execPath, [...args], {
      ...{ cwd, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    })
    let last = ''
    const hear = (data: Buffer) => {
      last = (last + data.toString()).slice(-4000)
      said(data.toString())
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') tellDeath(new EndedByItself(`ended with ${code}: ${last}`))
    })
    return child
  }
  let child = begin()
  process.once('exit', () => child.kill('SIGKILL'))
  const gone = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    starts: () => starts,
    died,
    end: async () => {
      ended = true
      await gone()
    },
    kill: async () => {
      await gone()
      if (!ended) child = begin()
    },
  }
}
