import * as z from 'zod/mini'
import { printerIdSchema, type PrinterId } from '../../protocol/ids.ts'
import { describeIssues } from '../../protocol/parse-frame.ts'
import { RelayError } from '../relay/errors.ts'
import type { HttpEvent } from './http.ts'

/** A whole number from 0 on, as a query says it. A name that is there twice comes with a comma. */
export const numberText = z.pipe(z.string().check(z.regex(/^\d{1,15}$/)), z.transform(Number))

/** A page's length: what is asked for, within what is given at most. */
export const limitText = (most: number) =>
  z.pipe(
    z.string().check(z.regex(/^[1-9]\d{0,3}$/)),
    z.transform((text) => Math.min(Number(text), most)),
  )

/** The printer that a path names; a name that cannot be one is of none. */
export const printerOf = ({ pathParameters }: HttpEvent): PrinterId => {
  const id = printerIdSchema.safeParse(pathParameters?.['id'])
  if (id.success) return id.data
  throw new RelayError('not_found', 'No such printer, or no right to see it.')
}

const siteIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{1,40}$/))

/** The site that a path names. */
export const siteOf = ({ pathParameters }: HttpEvent): string => {
  const id = siteIdSchema.safeParse(pathParameters?.['id'])
  if (id.success) return id.data
  throw new RelayError('not_found', 'No such site, or no right to see it.')
}

/** The query's values as a schema says; names it does not know are ignored. */
export const queryOf = <Schema extends z.ZodMiniType>(
  schema: Schema,
  { queryStringParameters }: HttpEvent,
): z.infer<Schema> => {
  const result = schema.safeParse(queryStringParameters ?? {})
  if (result.success) return result.data
  throw new RelayError('bad_request', `The query: ${describeIssues(result.error.issues)}.`)
}
