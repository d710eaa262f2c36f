import type { EventBody } from './printer-event.ts'
import {
  sections,
  temperatureFieldSchema,
  type Patch,
  type PrinterState,
  type Section,
  type sectionFields,
} from './printer-state.ts'
import type { PrintRecord } from './rest-prints.ts'

// What the view `basic` shows (design §5: no file names, paths, users). Lists of what is let
// through, never of what is held back: a field that is added to the state later stays hidden until
// somebody puts it here. No text is let through that a file, a person or a port may have named.

type FieldOf<Name extends keyof typeof sectionFields> = keyof (typeof sectionFields)[Name]

/** The fields of each section that basic shows; of temperatures all, which are numbers. */
export const basicFields = {
  connection: ['octoprint', 'printer'],
  status: [
    'operational',
    'printing',
    'pausing',
    'paused',
    'resuming',
    'cancelling',
    'finishing',
    'closedOrError',
    'failed',
    'ready',
    'sdReady',
  ],
  job: [
    'estimatedPrintTime',
    'averagePrintTime',
    'lastPrintTime',
    'filamentLength',
    'filamentVolume',
  ],
  progress: ['completion', 'printTime', 'printTimeLeft', 'printTimeLeftOrigin'],
} as const satisfies { readonly [Name in keyof typeof sectionFields]: readonly FieldOf<Name>[] }

/** What basic shows of an event. */
export const basicEventFields = [
  'type',
  'reason',
  'printing',
  'count',
  'printTime',
  'filament',
  'highest',
] as const

/** What basic shows of a print. */
export const basicPrintFields = [
  'n',
  'outcome',
  'reason',
  'start',
  'end',
  'printTime',
  'filament',
  'highest',
] as const satisfies readonly (keyof PrintRecord)[]

const shows = (section: Section, field: string): boolean =>
  section === 'temperature'
    ? temperatureFieldSchema.safeParse(field).success
    : (basicFields[section] as readonly string[]).includes(field)

const only = (fields: object, shown: (field: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => shown(field)))

/** A state as basic shows it. */
export const basicState = (state: PrinterState): PrinterState =>
  Object.fromEntries(
    sections.map((section) => [section, only(state[section], (field) => shows(section, field))]),
  ) as PrinterState

/**
 * A patch as basic shows it. What is shown of a field does not depend on any other, so the delta
 * algebra holds in the view: `basic(apply(state, patch)) = apply(basic(state), basic(patch))`.
 */
export const basicPatch = (patch: Patch): Patch =>
  Object.fromEntries(
    sections.flatMap((section) => {
      const shown = only(patch[section] ?? {}, (field) => shows(section, field))
      return Object.keys(shown).length > 0 ? [[section, shown] as const] : []
    }),
  )

/** An event as basic shows it: what happened, without names, paths and messages. */
export const basicEvent = (body: EventBody): EventBody =>
  only(body, (field) => (basicEventFields as readonly string[]).includes(field)) as EventBody

/** A print's record as basic shows it. */
export const basicPrint = (record: PrintRecord): PrintRecord =>
  only(record, (field) => (basicPrintFields as readonly string[]).includes(field)) as PrintRecord
