import { appendEvents } from '../../functions/relay/past/append-events.ts'
import type { Ports } from '../../functions/relay/ports.ts'
import { minute } from '../chaos/ground.ts'

/** Events that each printer's log holds before the soak begins, so that pages are full from the start. */
export const earlierEvents = 250
export const earlierSource = 'earlier'

/** The prints of the days before: lists that are cut at a length have that length already. */
export const earlierPrints = async (ports: Ports, printerId: string): Promise<void> => {
  const events = Array.from({ length: earlierEvents }, (_, i) => {
    const name = `an earlier print, number ${i >> 1}.gcode`
    const type = i % 2 === 0 ? ('job_started' as const) : ('job_complete' as const)
    const at = ports.now() - (earlierEvents - i) * 10 * minute
    return { src: earlierSource, m: i + 1, at, body: { type, name, path: name } }
  })
  await appendEvents(ports, printerId, events)
}
