import type * as z from 'zod/mini'
import type { ErrorCodeName } from './error-codes.ts'
import { limits } from './limits.ts'

export type Parsed<Frame> =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly code: ErrorCodeName; readonly message: string }

const utf8 = new TextEncoder()
export const bytesOf = (text: string): number => utf8.encode(text).length

/** Parses one frame on arrival. Total: whatever came, it answers a frame or a code and why. */
export const parseFrame = <Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
): Parsed<z.infer<Schema>> => {
  const size = bytesOf(text)
  if (size > limits.frameBytes)
    return refused('frame_too_large', `${size} bytes, at most ${limits.frameBytes} are taken`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused('bad_json', 'the text is not JSON')
  }
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, frame: result.data }
  return refused('bad_frame', describeIssues(result.error.issues))
}

const refused = (code: ErrorCodeName, message: string) => ({ ok: false, code, message }) as const

const mostIssues = 5

/** Each mistake with its path, never with the value: that may hold a secret. */
export const describeIssues = (issues: readonly z.core.$ZodIssue[]): string => {
  const told = issues
    .slice(0, mostIssues)
    .map(
      ({ path, message }) => `${path.map(String).join('.').slice(0, 60) || '(whole)'}: ${message}`,
    )
  const more = issues.length > mostIssues ? [`and ${issues.length - mostIssues} more`] : []
  return [...told, ...more].join('; ').slice(0, limits.longText)
}
