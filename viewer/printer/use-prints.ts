import { useEffect, useState } from 'preact/hooks'
import type { RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { PrintRecord } from '../../protocol/rest-prints.ts'

export interface Prints {
  /** Newest first; undefined before the first page came. */
  readonly prints: readonly PrintRecord[] | undefined
  readonly failed: boolean
  /** Brings earlier ones; undefined where there are none. */
  readonly more: (() => void) | undefined
}

interface Held {
  readonly prints: readonly PrintRecord[] | undefined
  readonly before: number | undefined
  readonly failed: boolean
}

const nothing: Held = { prints: undefined, before: undefined, failed: false }
const retryMs = 10_000

/** The number of the last event that changes a record: when it rises, the list is asked for anew. */
const turnOf = (events: readonly LoggedEvent[] | undefined): number | undefined =>
  events?.findLast(({ body }) => /^job_(?:started|complete|failed)$/.test(body.type))?.n ??
  (events && 0)

/** The list of prints, kept up with the events, and lengthened by page when asked. */
export const usePrints = (
  client: RelayClient,
  id: PrinterId,
  events: readonly LoggedEvent[] | undefined,
): Prints => {
  const [held, setHeld] = useState<Held>(nothing)
  const turn = turnOf(events)
  useEffect(() => {
    if (turn === undefined) return
    let live = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = () =>
      client.prints(id).then(
        ({ prints, before }) => live && setHeld((old) => withNewest(old, prints, before)),
        () => {
          if (!live) return
          setHeld((old) => ({ ...old, failed: true }))
          timer = setTimeout(() => void load(), retryMs)
        },
      )
    void load()
    return () => {
      live = false
      clearTimeout(timer)
    }
  }, [client, id, turn])
  const { prints, before, failed } = held
  const more = () => {
    client.prints(id, before).then(
      (page) => setHeld((old) => withEarlier(old, page.prints, page.before)),
      () => setHeld((old) => ({ ...old, failed: true })),
    )
  }
  return { prints, failed, more: before === undefined ? undefined : more }
}

const withNewest = (
  old: Held,
  newest: readonly PrintRecord[],
  before: number | undefined,
): Held => {
  const oldest = newest.at(-1)?.n ?? 0
  const earlier = (old.prints ?? []).filter(({ n }) => n < oldest)
  const paged = earlier.length > 0
  return { prints: [...newest, ...earlier], before: paged ? old.before : before, failed: false }
}

const withEarlier = (old: Held, page: readonly PrintRecord[], before: number | undefined): Held => {
  const known = new Set((old.prints ?? []).map(({ n }) => n))
  const added = page.filter(({ n }) => !known.has(n))
  return { prints: [...(old.prints ?? []), ...added], before, failed: false }
}
