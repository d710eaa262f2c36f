import { viewerConfigSchema, type ViewerConfig } from '../protocol/rest.ts'
import { StartError } from './errors.ts'

/** Fetches `/config.json`, the only thing that differs between installations. */
export const loadConfig = async (): Promise<ViewerConfig> => {
  try {
    const answer = await fetch('/config.json', { cache: 'no-store' })
    return viewerConfigSchema.parse(await answer.json())
  } catch (cause) {
    throw new StartError('config_missing', '/config.json cannot be read', { cause })
  }
}
