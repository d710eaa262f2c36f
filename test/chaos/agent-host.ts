import { configSchema, type AgentConfig } from '../../agent/config/config-schema.ts'
import { runAgent } from '../../agent/run-agent.ts'
import type { Dial } from '../../agent/uplink/dial.ts'
import type { Log } from '../../agent/log.ts'
import { MemoryFile } from '../agent/disk/memory-file.ts'
import type { Connection, Gateway, Socket } from './gateway.ts'
import type { Ground } from './ground.ts'
import { Process, type Machine } from './machine.ts'
import type { OctoPrint } from './octoprint.ts'
import { randomOf } from './random.ts'

export interface AgentHostDeps {
  readonly ground: Ground
  readonly seed: number
  readonly name: string
  readonly printerId: string
  readonly machine: Machine
  readonly gateway: Gateway
  readonly octoprint: OctoPrint
  readonly intervals: AgentConfig['intervals']
  readonly lowerAfter: number
  /** Lines of whole chunks are on its disk. */
  readonly historyKept: (text: string) => void
  /** Changes what the agent sends: a broken variant. */
  readonly tamper: (() => (text: string) => string) | undefined
}

/** Tells what was written whole. */
class WatchedFile extends MemoryFile {
  readonly #wrote: (text: string) => void

  constructor(wrote: (text: string) => void) {
    super()
    this.#wrote = wrote
  }

  override append(text: string): void {
    super.append(text)
    this.#wrote(text)
  }

  override replace(text: string): void {
    super.replace(text)
    this.#wrote(text)
  }
}

/** The computer beside a printer, with the agent that runs on it. */
export class AgentHost {
  readonly deps: AgentHostDeps
  token: string
  /** The outbox on its disk, which outlives its processes. */
  readonly files = new MemoryFile()
  /** And the history that waits. */
  readonly history: MemoryFile
  process: Process | undefined
  starts = 0
  readonly sockets = new Set<Socket>()
  /** Connections that were opened, newest last. */
  readonly connections: Connection[] = []

  constructor(deps: AgentHostDeps, token: string) {
    this.deps = deps
    this.history = new WatchedFile(deps.historyKept)
    this.token = token
  }

  start(): void {
    if (this.process) return
    const { ground, seed, name, machine, octoprint, intervals, lowerAfter } = this.deps
    const process = new Process(machine, `${name}.${++this.starts}`)
    this.process = process
    ground.note(`${process.name} starts`)
    const draws = randomOf(seed, process.name)
    const config = configSchema.parse({
      relay: { url: 'wss://relay.example', token: this.token, lowerAfter },
      octoprint: { url: 'http://octoprint', apiKey: 'key' },
      intervals,
      outbox: {},
      log: {},
    })
    void runAgent(config, {
      clock: process.clock,
      random: draws.next,
      fetch: octoprint.fetch(process),
      dial: this.#dialOf(process),
      log: logOf(ground, process),
      kept: { outbox: this.files, history: this.history },
      // It is only ever killed: a process that ends well tells the relay more, not less.
      signal: new AbortController().signal,
    })
  }

  kill(): void {
    if (!this.process) return
    this.deps.ground.note(`${this.process.name} is killed`)
    this.process.kill()
    this.process = undefined
    for (const socket of this.sockets) socket.end()
    this.sockets.clear()
  }

  #dialOf(process: Process): Dial {
    const { gateway, ground, tamper } = this.deps
    const dial: Dial = (events) => {
      const tampered = tamper?.()
      let over = false
      const ended: typeof events.ended = (how) => {
        if (over) return
        over = true
        cancelDial()
        this.sockets.delete(socket)
        events.ended(how)
      }
      const arrives = (run: () => void) =>
        process.arrives(`news for ${process.name}`, () => {
          if (!over) run()
        })
      const socket = gateway.dial(
        { authorization: `Bearer ${this.token}` },
        {
          name: process.name,
          opened: (connection) =>
            arrives(() => {
              cancelDial()
              this.connections.push(connection)
              events.opened()
            }),
          said: (text) => arrives(() => events.said(text)),
          ended: (how) => arrives(() => ended(how)),
        },
      )
      this.sockets.add(socket)
      const end = (how: Parameters<typeof ended>[0]) => {
        socket.end()
        ground.loop.after(5, `${process.name} hung up`, () => arrives(() => ended(how)))
      }
      const cancelDial = process.clock.after(10_000, () =>
        end({ kind: 'failed', code: 'ETIMEDOUT' }),
      )
      return {
        send: (text) => {
          if (!over) socket.send(tampered ? tampered(text) : text)
        },
        end: () => end({ kind: 'closed', code: 1000 }),
      }
    }
    return dial
  }
}

const logOf = (ground: Ground, { name }: Process): Log => {
  const line = (_fields: unknown, message: string) => ground.note(`${name}: ${message}`)
  return { debug: () => {}, info: line, warn: line, error: line }
}
