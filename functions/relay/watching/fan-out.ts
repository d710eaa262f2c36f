import type { RelayToViewer } from '../../../protocol/relay-to-viewer.ts'
import type { View } from '../../../protocol/view.ts'
import type { BroadcastBatch, Target, TextsByView } from './broadcast-batch.ts'
import { equal, type Condition } from '../table/condition.ts'
import { frameInView } from './in-view.ts'
import { inParallel } from '../in-parallel.ts'
import { subscriptionKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { postText } from '../post.ts'

/** A larger audience is served by other Lambdas, in batches of so many (design §4). */
export const batchSize = 250
const postsAtOnce = 50
/**
 * Whoever is not served by then is left out: newer frames are on their way, and events are paged
 * for. With a last post of 2 s it leaves a publish the time for its history and its ack.
 */
const deadlineMs = 3000

/** A 410 deletes the subscription it was for, not one that was made since. */
const sameSubscription = (rid: number): Condition => equal('rid', rid)

/** Gives each of the targets the frames in this order, each serialised once for each view in use. */
export const fanOut = async (
  ports: Ports,
  printerId: string,
  targets: readonly Target[],
  frames: readonly RelayToViewer[],
): Promise<void> => {
  if (targets.length === 0 || frames.length === 0) return
  for (const { type } of frames)
    ports.metrics.count('fluxrelay_frames_out_total', targets.length, type)
  const texts = textsOf(targets, frames)
  if (targets.length <= batchSize) {
    await serveAll(ports, { printerId, frames: texts, targets })
    return
  }
  // All start at once, not staggered: docs/decisions/functions-conditions.md says why.
  await Promise.all(
    batchesOf(targets).map((part) =>
      ports.invokeBroadcast({ printerId, frames: only(viewsOf(part), texts), targets: part }),
    ),
  )
}

const viewsOf = (targets: readonly Target[]): View[] => [
  ...new Set(targets.map(({ view }) => view)),
]

const textsOf = (targets: readonly Target[], frames: readonly RelayToViewer[]): TextsByView =>
  Object.fromEntries(
    viewsOf(targets).map((view) => [
      view,
      frames.map((frame) => JSON.stringify(frameInView(view, frame))),
    ]),
  )

/** A batch carries no view that none of its targets has. */
const only = (views: readonly View[], texts: TextsByView): TextsByView =>
  Object.fromEntries(views.map((view) => [view, texts[view] ?? []]))

const batchesOf = (targets: readonly Target[]): Target[][] =>
  Array.from({ length: Math.ceil(targets.length / batchSize) }, (_, i) =>
    targets.slice(i * batchSize, (i + 1) * batchSize),
  )

/** Serves one batch of a large audience. */
export const broadcast = (ports: Ports, batch: BroadcastBatch): Promise<void> =>
  serveAll(ports, batch)

type Serving = Pick<BroadcastBatch, 'printerId' | 'frames'> & {
  readonly targets: readonly Target[]
}

const serveAll = async (ports: Ports, { printerId, frames, targets }: Serving): Promise<void> => {
  const deadline = ports.now() + deadlineMs
  await inParallel(targets, postsAtOnce, async (target) => {
    for (const text of frames[target.view] ?? []) {
      if (ports.now() >= deadline) return
      const outcome = await postText(ports, target.conn, text)
      if (outcome === 'gone') await forget(ports, printerId, target)
      // Where a post failed, each frame more would cost its two seconds again.
      if (outcome === 'gone' || outcome === 'failed') return
    }
  })
}

/** What cannot be deleted now meets the next 410: one viewer's fault is not the others'. */
const forget = async (ports: Ports, printerId: string, { conn, rid }: Target): Promise<void> => {
  try {
    await ports.live.delete(subscriptionKey(printerId, conn), sameSubscription(rid))
  } catch (error) {
    const fields = { connectionId: conn, error: String(error) }
    ports.log.warn(fields, 'the subscription of an ended connection was not deleted')
  }
}
