import { describe, expect, it } from 'vitest'
import type { ViewerConfig } from '../../protocol/rest.ts'
import { loadConfig } from '../../viewer/config.ts'
import { startWords } from '../../viewer/errors.ts'

const config: ViewerConfig = {
  api: 'https://relay.test',
  socket: 'wss://relay.test',
  oidc: { authority: 'https://issuer.test', clientId: 'c', scope: 'openid', token: 'access' },
}
const answering = (status: number, text: string) => async () => ({
  ...{ status, headers: new Headers() },
  text: () => Promise.resolve(text),
})

describe('the settings of the viewer', () => {
  it('are what the relay gives', async () => {
    expect(await loadConfig(answering(200, JSON.stringify(config)))).toEqual(config)
  })

  it('are called missing only where the relay answers without them', async () => {
    for (const fetch of [answering(404, 'no'), answering(200, '<!doctype html>')])
      await expect(loadConfig(fetch)).rejects.toMatchObject({ code: 'config_missing' })
  })

  it('are called out of reach where nothing answers, or the relay fails', async () => {
    const dropped = () => Promise.reject(new TypeError('Failed to fetch'))
    for (const fetch of [dropped, answering(503, 'no')])
      await expect(loadConfig(fetch)).rejects.toMatchObject({ code: 'relay_unreachable' })
    expect(startWords.relay_unreachable.title).not.toMatch(/set up/)
  })
})
