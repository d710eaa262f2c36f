import * as z from 'zod/mini'
import { limits } from './limits.ts'
import { millisecondsSchema } from './ids.ts'

const shortText = z.string().check(z.maxLength(limits.shortText))
const longText = z.string().check(z.maxLength(limits.longText))
const pathText = z.string().check(z.maxLength(limits.pathText))
const bytes = z.int().check(z.minimum(0))
const numbers = z.array(z.number()).check(z.maxLength(limits.arrayEntries))

/** How the agent's last talk with OctoPrint went (design §7 asks to tell these apart). */
export const octoPrintStates = [
  'starting',
  'ok',
  'unreachable',
  'restarting',
  'not_answering',
  'key_refused',
  'server_error',
  'odd_answer',
] as const

/** What OctoPrint says of its link to the printer. */
export const printerLinks = ['connected', 'connecting', 'offline', 'error'] as const

/** The fields of each section. A field that is not known is absent, never null. */
export const sectionFields = {
  connection: {
    octoprint: z.enum(octoPrintStates),
    version: shortText,
    printer: z.enum(printerLinks),
    port: shortText,
    baudrate: z.int(),
    profile: shortText,
    /** What went wrong, for a person; never an address or a key. */
    detail: longText,
  },
  status: {
    text: shortText,
    error: longText,
    operational: z.boolean(),
    printing: z.boolean(),
    pausing: z.boolean(),
    paused: z.boolean(),
    resuming: z.boolean(),
    cancelling: z.boolean(),
    finishing: z.boolean(),
    closedOrError: z.boolean(),
    failed: z.boolean(),
    ready: z.boolean(),
    sdReady: z.boolean(),
  },
  job: {
    name: longText,
    display: longText,
    path: pathText,
    origin: shortText,
    user: shortText,
    size: bytes,
    /** When the file was uploaded, ms since 1970. */
    date: millisecondsSchema,
    estimatedPrintTime: millisecondsSchema,
    averagePrintTime: millisecondsSchema,
    lastPrintTime: millisecondsSchema,
    /** Of each tool, by its number: mm, and cm³. */
    filamentLength: numbers,
    filamentVolume: numbers,
  },
  progress: {
    /** 0 to 100. */
    completion: z.number().check(z.minimum(0), z.maximum(100)),
    filepos: bytes,
    printTime: millisecondsSchema,
    printTimeLeft: millisecondsSchema,
    printTimeLeftOrigin: shortText,
  },
} as const

/** `tool0.actual`, `bed.target`, `chamber.offset`: heater and reading, in °C. */
export const temperatureFieldSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,32}\.(actual|target|offset)$/))

export const celsiusSchema = z.number().check(z.minimum(-300), z.maximum(2000))
const readings = z
  .record(temperatureFieldSchema, celsiusSchema)
  .check(z.refine((record) => Object.keys(record).length <= limits.heaters * 3))
const readingChanges = z
  .record(temperatureFieldSchema, z.nullable(celsiusSchema))
  .check(z.refine((record) => Object.keys(record).length <= limits.heaters * 3))

/** The whole state of a printer, ours and not OctoPrint's: five flat sections, always present. */
export const printerStateSchema = z.object({
  connection: z.partial(z.object(sectionFields.connection)),
  status: z.partial(z.object(sectionFields.status)),
  temperature: readings,
  job: z.partial(z.object(sectionFields.job)),
  progress: z.partial(z.object(sectionFields.progress)),
})
export type PrinterState = z.infer<typeof printerStateSchema>
export type Section = keyof PrinterState
export type FieldValue = string | number | boolean | readonly number[]

type Changeable<Fields extends Record<string, z.ZodMiniType>> = {
  [Field in keyof Fields]: z.ZodMiniOptional<z.ZodMiniNullable<Fields[Field]>>
}
const changeable = <Fields extends Record<string, z.ZodMiniType>>(fields: Fields) =>
  z.object(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, z.optional(z.nullable(field))]),
    ) as unknown as Changeable<Fields>,
  )

/** The present value of fields touched since a keyframe; null means the field is absent now. */
export const patchSchema = z.object({
  connection: z.optional(changeable(sectionFields.connection)),
  status: z.optional(changeable(sectionFields.status)),
  temperature: z.optional(readingChanges),
  job: z.optional(changeable(sectionFields.job)),
  progress: z.optional(changeable(sectionFields.progress)),
})
export type Patch = z.infer<typeof patchSchema>

export const sections = ['connection', 'status', 'temperature', 'job', 'progress'] as const

/** The state of a printer of which nothing is known yet. */
export const emptyState: PrinterState = {
  connection: {},
  status: {},
  temperature: {},
  job: {},
  progress: {},
}
