import { join } from 'node:path'
import * as z from 'zod/mini'
import { readPrivate, writePrivate } from './private-file.ts'

const recordSchema = z.object({
  payload: z.record(z.string(), z.unknown()),
  /** When it is gone, epoch ms; null: never. */
  until: z.nullable(z.number()),
})
type Kept = z.infer<typeof recordSchema>
const fileSchema = z.object({ records: z.array(z.tuple([z.string(), recordSchema])) })

/** What keeps people signed in over a restart. The rest lives for minutes, in memory only. */
const durable = new Set(['Session', 'Grant', 'RefreshToken'])

/** A session of nobody is left by whoever opens the page that signs out: it keeps no one signed in. */
const isLasting = (model: string, { accountId }: Kept['payload']): boolean =>
  durable.has(model) && (model !== 'Session' || accountId !== undefined)

const modelOf = (key: string): string => key.slice(0, key.indexOf(':'))

/** Anybody can begin a sign-in, so what a beginning leaves is bounded; the oldest goes first. */
const mostTransient = 1_000

export interface Records {
  /** `until` in epoch ms. Resolves when the record would survive a kill. */
  put(model: string, id: string, payload: Kept['payload'], until: number | null): Promise<void>
  get(model: string, id: string): Kept['payload'] | undefined
  find(model: string, fits: (payload: Kept['payload']) => boolean): Kept['payload'] | undefined
  delete(gone: (model: string, id: string, payload: Kept['payload']) => boolean): Promise<void>
  /** Resolves when everything is written. */
  close(): Promise<void>
}

/** The issuer's sessions, grants and tokens, kept in `sign-ins.json`. */
export async function fileRecords(dataDir: string, now: () => number): Promise<Records> {
  const file = join(dataDir, 'sign-ins.json')
  const kept = await readPrivate(file, fileSchema)
  const lasting = new Map<string, Kept>(
    kept?.records.filter(([key, { payload }]) => isLasting(modelOf(key), payload)),
  )
  const passing = new Map<string, Kept>()
  const write = coalesced(() => writePrivate(file, { records: [...lasting] }))

  const forgetPast = (map: Map<string, Kept>): void => {
    for (const [key, { until }] of map) if (isPast(until)) map.delete(key)
  }
  const isPast = (until: number | null): boolean => until !== null && until <= now()
  const live = (record: Kept | undefined): Kept['payload'] | undefined =>
    record === undefined || isPast(record.until) ? undefined : record.payload

  return {
    async put(model, id, payload, until) {
      const key = `${model}:${id}`
      const lasts = isLasting(model, payload)
      const [map, other] = lasts ? [lasting, passing] : [passing, lasting]
      const moved = other.delete(key)
      map.set(key, { payload, until })
      forgetPast(map)
      if (lasts || moved) await write()
      if (lasts) return
      for (const key of passing.keys()) {
        if (passing.size <= mostTransient) break
        passing.delete(key)
      }
    },
    get(model, id) {
      const key = `${model}:${id}`
      return live(lasting.get(key) ?? passing.get(key))
    },
    find(model, fits) {
      for (const [key, record] of [...lasting, ...passing]) {
        const payload = live(record)
        if (key.startsWith(`${model}:`) && payload !== undefined && fits(payload)) return payload
      }
      return undefined
    },
    async delete(gone) {
      const before = lasting.size
      for (const map of [lasting, passing]) {
        for (const [key, { payload }] of map) {
          const model = modelOf(key)
          if (gone(model, key.slice(model.length + 1), payload)) map.delete(key)
        }
      }
      if (lasting.size !== before) await write()
    },
    close: write,
  }
}

/** Runs one at a time; whoever comes while it runs shares one run after it. */
function coalesced(run: () => Promise<void>): () => Promise<void> {
  let running = Promise.resolve()
  let next: Promise<void> | undefined
  return () => {
    next ??= running.then(() => {
      next = undefined
      const started = run()
      running = started.catch(() => {})
      return started
    })
    return next
  }
}
