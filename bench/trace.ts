import type { Dial } from '../agent/uplink/dial.ts'
import type { Relay } from '../functions/relay/create-relay.ts'
import type { Table } from '../functions/relay/table/table.ts'
import { sharedNow } from './bench-clock.ts'

/** The moments of one value on its way, in their order; the last is each viewer's own. */
export const moments = ['set', 'answered', 'published', 'handled', 'stored', 'asked'] as const
export type Moment = (typeof moments)[number]
export type Way = Partial<Record<Moment | 'through', number>>

/** Notes the moments of every value; the parts themselves know nothing of it. */
export const createTrace = () => {
  const ways = new Map<number, Way>()
  const valueOfSeq = new Map<number, number>()
  let current: number | undefined
  const note = (value: number | undefined, moment: keyof Way, at = sharedNow()) => {
    if (value === undefined) return
    const way = ways.get(value) ?? {}
    ways.set(value, way)
    way[moment] ??= at
  }
  return { ways, valueOfSeq, note, current: () => current, enter: (v?: number) => (current = v) }
}
export type Trace = ReturnType<typeof createTrace>

interface Published {
  readonly action: string
  readonly seq: number
  readonly full?: { readonly progress: { readonly printTime?: number } }
  readonly patch?: { readonly progress?: { readonly printTime?: number } }
}

const publishedIn = (text: string): Published | undefined => {
  const frame = JSON.parse(text) as Published
  return frame.action === 'publish' ? frame : undefined
}

/** The agent's way out: `published` is when it gives the frame to its socket. */
export const tracedDial =
  (dial: Dial, { valueOfSeq, note }: Trace): Dial =>
  (events) => {
    const link = dial(events)
    return {
      end: () => link.end(),
      send: (text) => {
        const frame = publishedIn(text)
        const printTime = (frame?.full ?? frame?.patch)?.progress?.printTime
        if (frame && printTime !== undefined) {
          valueOfSeq.set(frame.seq, printTime / 1000)
          note(printTime / 1000, 'published')
        }
        link.send(text)
      },
    }
  }

/**
 * The relay's handler and its store, observed where the use cases take them as ports. The bench
 * lets one publish be under way at a time, so that a call belongs to the frame that came last.
 */
export const traceRelay = (relay: Relay, trace: Trace): void => {
  const said: Relay['said'] = relay.said.bind(relay)
  const live: Table = relay.ports.live
  const update: Table['update'] = async (key, change, when) => {
    const outcome = await live.update(key, change, when)
    if (key.sk === 'STATE') trace.note(trace.current(), 'stored')
    return outcome
  }
  const query: Table['query'] = async (asked) => {
    const found = await live.query(asked)
    trace.note(trace.current(), 'asked')
    return found
  }
  Object.assign(relay.ports, { live: { ...live, update, query } })
  const traced: Relay['said'] = async (caller, text) => {
    const frame = caller.kind === 'agent' ? publishedIn(text) : undefined
    if (!frame) return said(caller, text)
    const value = trace.valueOfSeq.get(frame.seq)
    trace.enter(value)
    trace.note(value, 'handled')
    await said(caller, text)
    trace.note(value, 'through')
  }
  Object.assign(relay, { said: traced })
}
