import { Worker } from 'node:worker_threads'

/** Loads the bundle as Lambda does: an environment of its own, then an import of the file. */
const script = `
const { parentPort, workerData } = require('node:worker_threads')
const { pathToFileURL } = require('node:url')
import(pathToFileURL(workerData)).then(({ handler }) => {
  parentPort.on('message', async ({ id, event }) => {
    try {
      parentPort.postMessage({ id, value: await handler(event) })
    } catch (error) {
      parentPort.postMessage({ id, error: String(error?.message ?? error) })
    }
  })
  parentPort.postMessage({ id: 0 })
})`

interface Reply {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

class HandlerFailed extends Error {
  override readonly name = 'HandlerFailed'
}

export interface LambdaWorker {
  invoke(event: unknown): Promise<unknown>
  /** Everything it logged. */
  readonly log: () => string
  stop(): Promise<unknown>
}

/** A bundle running by itself; the gateway's events go in and its answers come out as copies. */
export const startLambda = async (
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<LambdaWorker> => {
  const worker = new Worker(script, { eval: true, workerData: file, env, stdout: true })
  const waiting = new Map<number, (reply: Reply) => void>()
  let last = 0
  let log = ''
  worker.stdout.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')))
  const loaded = new Promise<Reply>((resolve, reject) => {
    waiting.set(0, resolve)
    worker.once('error', reject)
  })
  worker.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply))
  await loaded
  return {
    invoke: async (event) => {
      const id = ++last
      const reply = await new Promise<Reply>((resolve) => {
        waiting.set(id, resolve)
        worker.postMessage({ id, event })
      })
      waiting.delete(id)
      if (reply.error !== undefined) throw new HandlerFailed(reply.error)
      return reply.value
    },
    log: () => log,
    stop: () => worker.terminate(),
  }
}
