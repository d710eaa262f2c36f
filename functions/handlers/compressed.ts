import { gzipSync } from 'node:zlib'
import type { Answer } from './error-answer.ts'
import type { HttpEvent } from './http.ts'
import { valueOf } from './socket-event.ts'

/** Below this many characters gzip's own weight outdoes it. */
const worthIt = 1024

/** Whether the caller takes gzip: named, or any, and not by a weight of nothing. */
const takesGzip = (accepted: string | undefined): boolean =>
  (accepted ?? '')
    .split(',')
    .some((one) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[^;]*)?$/i.test(one))

/** The answer gzipped where the caller takes it and it pays; the HTTP API does not do it by itself. */
export const compressed = (answer: Answer, { headers }: Pick<HttpEvent, 'headers'>): Answer => {
  const varied = { ...answer, headers: { ...answer.headers, Vary: 'Accept-Encoding' } }
  if (answer.body.length <= worthIt || !takesGzip(valueOf(headers, 'accept-encoding')))
    return varied
  return {
    ...varied,
    headers: { ...varied.headers, 'Content-Encoding': 'gzip' },
    body: gzipSync(answer.body).toString('base64'),
    isBase64Encoded: true,
  }
}
