import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  basicEvent,
  basicEventFields,
  basicFields,
  basicPatch,
  basicPrint,
  basicPrintFields,
  basicState,
} from '../../protocol/basic-view.ts'
import { applyPatch, changedFields, patchOf } from '../../protocol/delta.ts'
import { eventBodySchema, type EventBody } from '../../protocol/printer-event.ts'
import {
  emptyState,
  patchSchema,
  printerStateSchema,
  sections,
  type Patch,
  type PrinterState,
} from '../../protocol/printer-state.ts'
import { printRecordSchema, type PrintRecord } from '../../protocol/rest-prints.ts'
import { arbitraryState } from '../support/arbitrary-state.ts'

const secret = 'canary'

/** Every field there is: one that is added breaks this, and asks who may see it. */
const complete: { [Section in keyof PrinterState]: Required<PrinterState[Section]> } = {
  connection: {
    octoprint: 'ok',
    version: secret,
    printer: 'connected',
    port: secret,
    baudrate: 115_200,
    profile: secret,
    detail: secret,
  },
  status: {
    text: secret,
    error: secret,
    operational: true,
    printing: true,
    pausing: false,
    paused: false,
    resuming: false,
    cancelling: false,
    finishing: false,
    closedOrError: false,
    failed: false,
    ready: false,
    sdReady: true,
  },
  temperature: { 'tool0.actual': 210, 'bed.target': 60 },
  job: {
    name: secret,
    display: secret,
    path: secret,
    origin: secret,
    user: secret,
    size: 4711,
    date: 1,
    estimatedPrintTime: 2,
    averagePrintTime: 3,
    lastPrintTime: 4,
    filamentLength: [5],
    filamentVolume: [6],
  },
  progress: {
    completion: 7,
    filepos: 8,
    printTime: 9,
    printTimeLeft: 10,
    printTimeLeftOrigin: 'analysis',
  },
}

const shown: PrinterState = {
  connection: { octoprint: 'ok', printer: 'connected' },
  status: {
    operational: true,
    printing: true,
    pausing: false,
    paused: false,
    resuming: false,
    cancelling: false,
    finishing: false,
    closedOrError: false,
    failed: false,
    ready: false,
    sdReady: true,
  },
  temperature: { 'tool0.actual': 210, 'bed.target': 60 },
  job: {
    estimatedPrintTime: 2,
    averagePrintTime: 3,
    lastPrintTime: 4,
    filamentLength: [5],
    filamentVolume: [6],
  },
  progress: { completion: 7, printTime: 9, printTimeLeft: 10, printTimeLeftOrigin: 'analysis' },
}

describe('property 11: the view basic of a state', () => {
  it('is exactly the allow-list', () => {
    expect(basicState(complete)).toEqual(shown)
  })

  it('has nothing that is not on the list, whatever the state', () => {
    fc.assert(
      fc.property(arbitraryState, (state) => {
        const basic = basicState(state)
        expect(printerStateSchema.parse(basic)).toEqual(basic)
        for (const section of sections) {
          const fields = Object.entries(basic[section])
          expect(state[section]).toMatchObject(Object.fromEntries(fields))
          if (section !== 'temperature')
            for (const [field] of fields) expect(basicFields[section]).toContain(field)
        }
      }),
    )
  })

  it('hides fields that nobody has put on the list yet', () => {
    const later = { ...complete, status: { ...complete.status, operator: secret } }
    expect(basicState(later)).toEqual(shown)
    const patch = { status: { operator: secret }, temperature: { note: 1 } } as Patch
    expect(basicPatch(patch)).toEqual({})
    const beyond = { ...emptyState, spool: { owner: secret } } as PrinterState
    expect(basicState(beyond)).toEqual(emptyState)
  })

  it('commutes with every patch', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryState, arbitraryState, (held, before, after) => {
        const patch = patchOf(after, changedFields(before, after))
        expect(applyPatch(basicState(held), basicPatch(patch))).toEqual(
          basicState(applyPatch(held, patch)),
        )
      }),
    )
  })

  it('keeps the convergence property: one cumulative patch, from any state since the keyframe', () => {
    fc.assert(
      fc.property(fc.array(arbitraryState, { minLength: 2, maxLength: 8 }), (walk) => {
        const touched = new Set<string>()
        for (const [index, state] of walk.entries()) {
          const before = walk[index - 1]
          if (before) for (const field of changedFields(before, state)) touched.add(field)
        }
        const last = walk.at(-1) ?? emptyState
        const patch = basicPatch(patchOf(last, touched))
        expect(patchSchema.parse(JSON.parse(JSON.stringify(patch)))).toEqual(patch)
        for (const state of walk)
          expect(applyPatch(basicState(state), patch)).toEqual(basicState(last))
      }),
    )
  })
})

const job = {
  ...{ name: secret, path: secret, printTime: 1, filament: [2] },
  highest: { 'tool0.actual': 215 },
}
const shownJob = { printTime: 1, filament: [2], highest: { 'tool0.actual': 215 } }

/** One of each type, with all that it can have. */
const events: { [Type in EventBody['type']]: Extract<EventBody, { type: Type }> } = {
  job_started: { type: 'job_started', ...job },
  job_complete: { type: 'job_complete', ...job },
  job_failed: { type: 'job_failed', reason: 'cancelled', ...job },
  job_paused: { type: 'job_paused', ...job },
  job_resumed: { type: 'job_resumed', ...job },
  printer_error: { type: 'printer_error', message: secret },
  printer_connected: { type: 'printer_connected' },
  printer_disconnected: { type: 'printer_disconnected' },
  agent_silent: { type: 'agent_silent', printing: true },
  events_lost: { type: 'events_lost', count: 3 },
}

describe('the view basic of what happened', () => {
  it.each(Object.values(events))('tells of $type without names, paths and messages', (body) => {
    const basic = basicEvent(body)
    expect(eventBodySchema.parse(basic)).toEqual(basic)
    expect(JSON.stringify(basic)).not.toContain(secret)
    expect(body).toMatchObject(basic)
    for (const field of Object.keys(basic)) expect(basicEventFields).toContain(field)
    if (body.type.startsWith('job_')) expect(basic).toMatchObject(shownJob)
  })

  it('keeps why a job failed, whether it printed, and how many events were lost', () => {
    expect(basicEvent(events.job_failed)).toMatchObject({ reason: 'cancelled' })
    expect(basicEvent(events.agent_silent)).toEqual(events.agent_silent)
    expect(basicEvent(events.events_lost)).toEqual(events.events_lost)
  })

  it('has of a print all but its file', () => {
    const rest = {
      n: 1,
      outcome: 'failed',
      reason: 'error',
      start: 2,
      end: 3,
      ...shownJob,
    } as const
    const record: Required<PrintRecord> = { ...rest, ...job }
    const basic = basicPrint(record)
    expect(printRecordSchema.parse(basic)).toEqual(basic)
    expect(basic).toEqual(rest)
    expect(Object.keys(basic).sort()).toEqual([...basicPrintFields].sort())
  })
})
