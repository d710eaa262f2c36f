import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import { makeOdd } from './odd-bodies.ts'
import { onWire, type Reply, type WireReply } from './reply.ts'
import { routeOf, type Route } from './routes.ts'

export type HttpDeps = {
  readonly saw: (route: string, control: boolean) => void
  readonly takeFault: (route: string) => Fault | undefined
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly closesAfterGet: () => boolean
  readonly replyTo: (route: Route, request: IncomingMessage, body: string) => Reply
}

/** The longest request body that is read, in bytes; no route needs a tenth of it. */
const longestBody = 64 * 1024

/** Answers HTTP requests, rightly or as the faults say. */
export const answerHttp =
  (deps: HttpDeps): RequestListener =>
  (request, response) => {
    // A caller that hangs up in the middle is the caller's business; its socket is gone already.
    void answer(deps, request, response).catch(() => response.destroy())
  }

const answer = async (deps: HttpDeps, request: IncomingMessage, response: ServerResponse) => {
  const method = request.method ?? 'GET'
  const route = routeOf(method, (request.url ?? '/').replace(/\?.*$/s, ''))
  const body = await bodyOf(request)
  deps.saw(route.name, route.kind === 'control')
  const fault = deps.takeFault(route.name)
  const rightReply = () => onWire(deps.replyTo(route, request, body))
  const closing = deps.closesAfterGet() && method === 'GET'
  switch (fault?.kind) {
    case undefined:
      return send(response, rightReply(), closing)
    case 'hang':
      return
    case 'reset':
      return void request.socket.resetAndDestroy()
    case 'cut':
      return cut(response, rightReply())
    case 'status':
      return send(response, onWire({ status: fault.status, body: fault.body }), closing)
    case 'odd':
      return send(response, makeOdd(rightReply(), fault.body), closing)
    case 'slow': {
      await deps.sleep(fault.delayMs, signalOf(response))
      return send(response, rightReply(), closing)
    }
    default:
      return fault satisfies never
  }
}

const send = (response: ServerResponse, { status, headers, text }: WireReply, closing: boolean) => {
  const length = status === 204 ? {} : { 'Content-Length': Buffer.byteLength(text) }
  if (closing) {
    // OctoPrint 1.9 ends the connection without a word: no header announces it.
    response.removeHeader('Connection')
    const { socket } = response // Node takes it from the response before 'finish' is told
    response.once('finish', () => socket?.end())
  }
  response.writeHead(status, { ...headers, ...length }).end(text)
}

const cut = (response: ServerResponse, { status, headers, text }: WireReply) => {
  const length = Buffer.byteLength(text)
  response.writeHead(status, { ...headers, 'Content-Length': length })
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy())
}

const signalOf = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return gone.signal
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= longestBody) chunks.push(chunk)
  }
  return length <= longestBody ? Buffer.concat(chunks).toString('utf8') : ''
}
