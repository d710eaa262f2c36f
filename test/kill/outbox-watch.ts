import { mkdirSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { nodeFile } from '../../agent/disk/node-file.ts'
import { readOutbox } from '../../agent/outbox/read-outbox.ts'
import { decodeRecord } from '../../agent/outbox/record.ts'
import { nameOf } from './timeline.ts'

/** The agent's outbox file, followed from outside: what ever stood in it must reach the log. */
export interface OutboxWatch {
  /** Names of all events that ever stood in the file. */
  readonly kept: ReadonlySet<string>
  /** Those that wait now. */
  readonly pending: () => number
  /** Whether an agent has begun to remember: what it saw first is not news. */
  readonly begun: () => boolean
  /** Calls after each change of the file. */
  readonly onChange: (listener: () => void) => () => void
  close(): void
}

export const watchOutbox = (path: string): OutboxWatch => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const files = nodeFile(path)
  const kept = new Set<string>()
  const listeners = new Set<() => void>()
  let waiting = 0
  let begun = false
  const look = () => {
    const text = files.read() ?? ''
    for (const line of text.split('\n').slice(0, -1)) {
      const record = decodeRecord(line)
      if (record?.is === 'found') begun = true
      if (record?.is === 'found' || record?.is === 'kept')
        for (const { body } of record.events) kept.add(nameOf(body))
    }
    waiting = readOutbox(text).events.length
    for (const listener of listeners) listener()
  }
  // The folder, because a file that is written anew is another one under the same name.
  const watcher = watch(dirname(path), look)
  return {
    kept,
    pending: () => waiting,
    begun: () => begun,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => watcher.close(),
  }
}
