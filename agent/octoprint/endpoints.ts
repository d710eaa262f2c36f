import { urlBelow } from '../http/url-below.ts'

/** The kinds of readings and where OctoPrint gives them, below its base address. */
export const endpoints = {
  printer: 'api/printer',
  job: 'api/job',
  connection: 'api/connection',
  version: 'api/version',
  /** Asked once, for what the key may do. */
  user: 'api/currentuser',
} as const

export type Reading = keyof typeof endpoints
/** The readings that are taken again and again. */
export const polled = ['job', 'printer', 'connection', 'version'] as const
export type Polled = (typeof polled)[number]

export const endpointUrl = (base: string, reading: Reading): string =>
  urlBelow(base, endpoints[reading])
