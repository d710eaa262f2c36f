import { afterEach } from 'vitest'
import type { HttpEvent } from '../../../local/http-api/event.ts'
import type { HttpRoute } from '../../../local/http-api/route.ts'
import { startApi } from './api-rig.ts'

/** Starts APIs for one test file and stops each after its test. */
export const useApis = () => {
  const started: { stop(): void }[] = []
  afterEach(() => started.splice(0).forEach((api) => api.stop()))
  const start: typeof startApi = async (options) => {
    const api = await startApi(options)
    started.push(api)
    return api
  }
  return { start }
}

/** A route that answers the event it was given. */
export const echo = (method: string, path: string, more: Partial<HttpRoute> = {}): HttpRoute => ({
  ...{ method, path, auth: 'none' },
  handler: async (event) => ({ event, for: path }),
  ...more,
})

export const echoed = (text: string) => JSON.parse(text) as { event: HttpEvent; for: string }
