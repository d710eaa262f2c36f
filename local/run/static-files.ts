import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
}

/** Names with a hash in them never change; everything else is asked for again. */
const cacheOf = (path: string) =>
  /[-.][A-Za-z0-9]{8,}\.(js|css|map|svg|png)$/.test(path)
    ? 'public, max-age=31536000, immutable'
    : 'no-cache'

/** Serves the viewer's build: GET and HEAD of files that are there, and nothing outside it. */
export const staticFiles =
  (folder: string, headers: Readonly<Record<string, string>>) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = (status: number, body: string | Buffer, type: string, cache: string) => {
      response.writeHead(status, { ...headers, 'content-type': type, 'cache-control': cache })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(405, 'Only GET here.\n', 'text/plain; charset=utf-8', 'no-store')
    const path = pathIn(request.url ?? '/')
    const type = path === undefined ? undefined : types[extname(path)]
    const body =
      path !== undefined && type !== undefined ? await read(join(folder, path)) : undefined
    if (path === undefined || type === undefined || body === undefined)
      return answer(404, 'Nothing here.\n', 'text/plain; charset=utf-8', 'no-store')
    answer(200, body, type, cacheOf(path))
  }

/** The path inside the folder; `undefined` when it does not decode or climbs out. */
const pathIn = (url: string): string | undefined => {
  let path: string
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '/')
  } catch {
    return undefined
  }
  if (path.includes('\0')) return undefined
  const inside = normalize(path)
  if (inside.startsWith('..') || inside.includes('/../')) return undefined
  return inside.endsWith('/') ? `${inside}index.html` : inside
}

const read = (file: string): Promise<Buffer | undefined> => readFile(file).catch(() => undefined)
