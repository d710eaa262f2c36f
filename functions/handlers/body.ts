import type * as z from 'zod/mini'
import { limits } from '../../protocol/limits.ts'
import { describeIssues } from '../../protocol/parse-frame.ts'
import { RelayError } from '../relay/errors.ts'
import type { HttpEvent } from './http.ts'

/** The JSON body of a request as a schema says. */
export const bodyOf = <Schema extends z.ZodMiniType>(
  schema: Schema,
  { body = '', isBase64Encoded }: Pick<HttpEvent, 'body' | 'isBase64Encoded'>,
): z.infer<Schema> => {
  // Base64 is a third longer; what is too long is not even decoded.
  if (body.length > limits.bodyBytes * (isBase64Encoded ? 4 / 3 : 1) + 4) throw tooLarge()
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  if (Buffer.byteLength(text) > limits.bodyBytes) throw tooLarge()
  const result = schema.safeParse(jsonOf(text))
  if (result.success) return result.data
  throw new RelayError('bad_request', `The body: ${describeIssues(result.error.issues)}.`)
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new RelayError('bad_json', 'The body is not JSON.')
  }
}

const tooLarge = () =>
  new RelayError('frame_too_large', `The body is above ${limits.bodyBytes} bytes.`)
