import { describe, expect, it } from 'vitest'
import type { PrinterSight } from '../../client/view.ts'
import { closingReasons } from '../../protocol/closing-reasons.ts'
import { errorCodes, type ErrorCodeName } from '../../protocol/error-codes.ts'
import { emptyState, octoPrintStates, type PrinterState } from '../../protocol/printer-state.ts'
import { heatersOf } from '../../viewer/printer/heaters.ts'
import { pageTitle } from '../../viewer/frame/page-title.ts'
import { hrefOf, routeOf } from '../../viewer/frame/route.ts'
import { addSamples, addState, sparkline, type Samples } from '../../viewer/printer/samples.ts'
import { endWords, isStale, refusedWords, stateText, toneOf } from '../../viewer/parts/words.ts'
import type { EndReason } from '../../client/session.ts'

const sight = (state: Partial<PrinterState> | undefined, over: Partial<PrinterSight> = {}) => ({
  id: 'p1',
  name: '打印机',
  site: undefined,
  role: undefined,
  state: state && { ...emptyState, ...state },
  position: undefined,
  online: true,
  mode: undefined,
  interval: undefined,
  relayAt: undefined,
  ev: 0,
  events: [],
  badge: 'real-time' as const,
  neverSpoke: false,
  refused: undefined,
  ...over,
})

describe('words', () => {
  it('tell loading, a missing agent and each trouble of OctoPrint apart', () => {
    const texts = [
      stateText(sight(undefined)),
      stateText(sight(undefined, { neverSpoke: true })),
      ...octoPrintStates.map((octoprint) => stateText(sight({ connection: { octoprint } }))),
    ]
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('prefer OctoPrint’s own text while it answers', () => {
    const state = { connection: { octoprint: 'ok' as const }, status: { text: 'Printing from SD' } }
    expect(stateText(sight(state))).toBe('Printing from SD')
  })

  it('never look busy on data that is not coming any more', () => {
    const printing = { status: { printing: true } }
    expect(toneOf(sight(printing))).toBe('busy')
    expect(toneOf(sight(printing, { badge: 'offline' }))).toBe('calm')
    expect(isStale(sight(printing, { badge: 'offline' }))).toBe(true)
  })

  it('call data old while OctoPrint does not give any, though the link is good', () => {
    expect(isStale(sight({ connection: { octoprint: 'ok' } }))).toBe(false)
    expect(isStale(sight({ connection: { octoprint: 'key_refused' } }))).toBe(true)
  })

  it('explain every way in which a session can end', () => {
    const reasons = [...Object.keys(closingReasons), ...Object.keys(errorCodes), 'sign_in_required']
    for (const why of reasons as EndReason[]) expect(endWords(why).text.length).toBeGreaterThan(10)
    expect(endWords('not_admitted').title).toMatch(/not let in/)
  })
})

describe('a printer that is refused', () => {
  it('is called unknown only where it is, and else by why', () => {
    for (const code of Object.keys(errorCodes) as ErrorCodeName[]) {
      const { title, text } = refusedWords(code)
      expect(title === 'No such printer').toBe(code === 'not_found')
      expect(text.length).toBeGreaterThan(10)
    }
    expect(refusedWords('too_many_subscriptions').text).toMatch(/too many/i)
  })
})

describe('the page title', () => {
  it('shows progress first while printing, else the state', () => {
    const progress = { completion: 41.26 }
    expect(pageTitle(sight({ status: { printing: true }, progress }), 'en')).toBe('41.3% · 打印机')
    expect(pageTitle(sight({ status: { text: 'Operational' }, progress }), 'en')).toBe(
      '打印机 · Operational',
    )
    expect(pageTitle(undefined)).toBe('FluxRelay')
  })
})

describe('the page title of a printer that is not live', () => {
  const printing = { status: { printing: true }, progress: { completion: 41.26 } }

  it('does not show progress that nobody knows', () => {
    expect(pageTitle(sight(printing, { badge: 'offline' }))).toBe('打印机 · Offline')
    const unread = { ...printing, connection: { octoprint: 'unreachable' as const } }
    expect(pageTitle(sight(unread))).toBe('打印机 · OctoPrint: Unreachable')
  })

  it('says that there is no such printer', () => {
    expect(pageTitle(sight(undefined, { refused: 'not_found' }))).toBe('No such printer')
  })
})

describe('heaters', () => {
  it('come as tools in their order, bed, chamber, others', () => {
    const fields = ['x.actual', 'chamber.actual', 'bed.actual', 'tool10.actual', 'tool2.actual']
    const heaters = heatersOf(Object.fromEntries(fields.map((field) => [field, 20])))
    expect(heaters.map(({ name }) => name)).toEqual(['Tool 3', 'Tool 11', 'Bed', 'Chamber', 'X'])
  })

  it('call a single tool the nozzle, and know a reading without a target', () => {
    expect(heatersOf({ 'tool0.actual': 21 })).toEqual([
      { key: 'tool0', name: 'Nozzle', actual: 21, target: undefined },
    ])
  })
})

describe('routes', () => {
  it('survive a reload and lead anything odd to the list', () => {
    expect(routeOf(hrefOf('abc-1'))).toEqual({ page: 'printer', id: 'abc-1' })
    for (const odd of ['', '#/', '#/printers/', '#/printers/../x', '#/printers/%3Cb%3E'])
      expect(routeOf(odd)).toEqual({ page: 'list' })
  })
})

describe('samples', () => {
  it('keep twenty minutes and draw them from edge to edge', () => {
    let samples: Samples = {}
    for (let at = 0; at <= 2_400_000; at += 40_000)
      samples = addSamples(samples, { 'bed.actual': 60 + at / 400_000 }, at)
    expect(samples.bed?.length).toBe(30)
    const line = sparkline(samples.bed ?? [], 120, 36)
    expect(line).toMatch(/^M0\.0 34\.0L/)
    expect(line).toMatch(/L120\.0 2\.0$/)
  })

  it('end where OctoPrint stops answering, and go on when it does again', () => {
    const reading = (octoprint: 'ok' | 'unreachable', at: number, old: Samples) =>
      addState(old, { connection: { octoprint }, temperature: { 'bed.actual': 60 } }, at)
    const before = reading('ok', 1_000, {})
    const outage = reading('unreachable', 3_000, reading('unreachable', 2_000, before))
    expect(outage).toBe(before)
    expect(reading('ok', 200_000, outage).bed?.map(({ at }) => at)).toEqual([1_000, 200_000])
  })

  it('draw nothing from a single reading', () => {
    expect(sparkline([{ at: 1, celsius: 20 }], 120, 36)).toBe('')
  })
})
