import type { Generation } from './ids.ts'

/**
 * The generation of an agent's connection. The gateway gives both parts with every event, so
 * generations are ordered by when the connections were made, without reading anything (design §3.1).
 */
export const generationOf = (connectedAt: number, connectionId: string): Generation =>
  `${String(connectedAt).padStart(13, '0')}#${connectionId}`

/** A place in the history of a printer's state. */
export interface Position {
  readonly gen: Generation
  readonly seq: number
}

/** Whether `a` comes after `b`; nothing is before every position. STATE-4. */
export const isNewer = (a: Position, b: Position | undefined): boolean =>
  b === undefined || a.gen > b.gen || (a.gen === b.gen && a.seq > b.seq)
