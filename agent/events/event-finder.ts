import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Readings } from '../mapping/readings.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { canTell } from './can-tell.ts'
import { detect } from './detect.ts'
import { lastingPart } from './memory.ts'

interface FinderDeps {
  readonly clock: Clock
  readonly log: Log
  readonly outbox: Outbox
}

/** Looks at every reading, and keeps what happened before anything else is done with it. */
export const eventFinder = ({
  clock,
  log,
  outbox,
}: FinderDeps): ((readings: Readings, state: PrinterState) => void) => {
  let memory = outbox.recalled()
  return (readings, state) => {
    if (!canTell(readings)) return
    const before = memory
    const found = detect(before, state, clock.monotonic())
    memory = found.memory
    for (const { body } of found.events) log.info({ event: body.type }, 'something happened')
    if (!memory) return
    const lasting = !before || lastingPart(before) !== lastingPart(memory)
    if (found.events.length > 0 || lasting) outbox.keep(found.events, memory)
  }
}
