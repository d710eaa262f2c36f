import type { Memory } from '../events/memory.ts'
import { decodeRecord, type KeptEvent, type OutboxRecord } from './record.ts'

/** What an outbox file holds. */
export interface OutboxContent {
  readonly events: readonly KeptEvent[]
  readonly memory: { readonly memory: Memory; readonly wall: number } | undefined
  /** Bytes up to the end of the last whole line; what follows was being written. */
  readonly wholeBytes: number
  /** Whole lines that are not as they were written. */
  readonly damagedLines: number
  /** The file begins as an outbox does, or with a piece of that. */
  readonly isOutbox: boolean
}

/** Reads the text (a character a byte) of an outbox file, however it was left. Total. */
export const readOutbox = (text: string): OutboxContent => {
  const lines = text.split('\n')
  // A write that was cut short has no end of its line: only that may be dropped in silence.
  lines.pop()
  const records = lines.map(decodeRecord)
  let events: KeptEvent[] = []
  let memory: OutboxContent['memory']
  for (const record of records) {
    if (!record) continue
    events = applied(events, record)
    if (record.is === 'found') memory = { memory: record.memory, wall: record.wall }
  }
  return {
    events,
    memory,
    wholeBytes: text.lastIndexOf('\n') + 1,
    damagedLines: records.filter((record) => record === undefined).length,
    isOutbox: records.length > 0 ? records[0]?.is === 'outbox' : isPiece(text),
  }
}

const applied = (events: KeptEvent[], record: OutboxRecord): KeptEvent[] => {
  switch (record.is) {
    case 'outbox':
      return events
    case 'found':
    case 'kept':
      return [...events, ...record.events]
    case 'confirmed':
      return events.filter(({ src, m }) => src !== record.src || m > record.m)
    case 'lost':
      return events.map((event) =>
        event.src === record.src && event.m === record.m
          ? { ...event, body: { type: 'events_lost', count: record.count } }
          : event,
      )
    default:
      return record satisfies never
  }
}

/** A first line that was never finished: 12 letters of checksum and what fits. */
const isPiece = (text: string): boolean =>
  text.length < 80 && /^[0-9a-f]{0,12}( (\{"is":"outb?)?.*)?$/.test(text)
