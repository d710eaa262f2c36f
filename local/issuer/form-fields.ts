import type { IncomingMessage } from 'node:http'

const mostBytes = 8 * 1024

/** The fields of a form; `undefined` when it is longer than 8 KB. */
export async function formFields(req: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Read to its end but not kept: ending here would cut the line before the answer is out.
    if (bytes <= mostBytes) chunks.push(chunk)
  }
  return bytes <= mostBytes
    ? new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    : undefined
}
