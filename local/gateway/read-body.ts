import type { IncomingMessage } from 'node:http'

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-long' }
  /** The client went away before its end. */
  | { readonly kind: 'cut' }

/**
 * Reads a request's body of at most `maxBytes`. What is longer is read on and thrown away, so that
 * the answer is not lost in a reset; answer it with `connection: close`, which bounds that.
 */
export const readBody = (request: IncomingMessage, maxBytes: number): Promise<Body> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const take = (chunk: Buffer) => {
      length += chunk.length
      if (length <= maxBytes) {
        chunks.push(chunk)
        return
      }
      request.off('data', take)
      request.resume()
      resolve({ kind: 'too-long' })
    }
    request.on('data', take)
    request.once('end', () => resolve({ kind: 'whole', bytes: Buffer.concat(chunks) }))
    request.once('error', () => resolve({ kind: 'cut' }))
    request.once('close', () => resolve({ kind: 'cut' }))
  })
