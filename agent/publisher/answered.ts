import type { Welcome } from '../../protocol/welcome.ts'
import type { Turn } from './effect.ts'
import type { Line } from './line.ts'

/**
 * What a welcome or ack says of events and history. A chunk is stored when the very frame that
 * carried it was answered; the marks hold whenever they come, but only the answer to a frame that
 * made the relay read its log can say that something is missing there.
 */
export const answered = (line: Line, { seq, hwm }: Pick<Welcome, 'seq' | 'hwm'>): Turn => {
  const ask = line.asks.find((one) => one.seq === seq)
  const stored = line.chunks.filter((one) => one.seq === seq)
  return {
    line: { ...line, chunks: line.chunks.filter((one) => one.seq !== seq) },
    effects: [
      { type: 'heard', hwm, askedAt: ask?.readsLog === true ? ask.at : undefined },
      ...stored.map(({ chunk }) => ({ type: 'stored', chunk }) as const),
    ],
  }
}
