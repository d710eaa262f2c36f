import type { ClientDeps } from '../client/deps.ts'
import { viewerConfigSchema, type ViewerConfig } from '../protocol/rest.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import { StartError } from './errors.ts'

type Fetch = ClientDeps['fetch']

const path = '/config.json'

/** Fetches `/config.json`, the only thing that differs between installations. */
export const loadConfig = async (fetch: Fetch): Promise<ViewerConfig> => {
  const { status, text } = await answerOf(fetch)
  if (status >= 500) throw unreachable(`${path} is answered with ${status}`)
  try {
    return viewerConfigSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new StartError('config_missing', `${path} cannot be read`, { cause })
  }
}

const answerOf = async (fetch: Fetch) => {
  try {
    const answer = await fetch(path, {
      ...{ method: 'GET', headers: {}, body: undefined },
      signal: AbortSignal.timeout(timeOuts.restRequest),
    })
    return { status: answer.status, text: await answer.text() }
  } catch (cause) {
    throw unreachable(`${path} is not answered`, { cause })
  }
}

const unreachable = (message: string, options?: ErrorOptions) =>
  new StartError('relay_unreachable', message, options)
