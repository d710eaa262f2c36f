import * as z from 'zod/mini'
import { historyChunkSchema, type HistoryChunk } from '../../protocol/history-chunk.ts'
import { instanceSchema } from '../../protocol/ids.ts'

const { chunk, step, length, columns } = historyChunkSchema.shape

/** A whole chunk that the relay may lack, as it is kept on disk. */
export const waitingChunkSchema = z.object({
  /** The process start that took it. */
  inst: instanceSchema,
  ...{ chunk, step, length, columns },
  /** The clock on the wall at its first sample, ms since 1970. */
  wall: z.number(),
})
export type WaitingChunk = z.infer<typeof waitingChunkSchema>

/** Which chunk went out, and how much of it; `inst` is absent where this start took it. */
export type SentChunk = Pick<HistoryChunk, 'inst' | 'chunk' | 'length'>
