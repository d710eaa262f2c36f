import { expect, it } from 'vitest'
import { keptPaths } from '../../../agent/disk/kept-paths.ts'

const relay = { url: 'wss://relay.example', lowerAfter: 0, token: `frp_p-1_${'x'.repeat(43)}` }

it.each([
  ['the configured folder first', '/var/events', { STATE_DIRECTORY: '/s' }, '/var/events'],
  ['the folder of the service next', undefined, { STATE_DIRECTORY: '/s:/t' }, '/s'],
  ["then the user's own", undefined, { XDG_STATE_HOME: '/x' }, '/x/fluxrelay'],
  ['and the usual one last', undefined, { STATE_DIRECTORY: '' }, '/home/me/.local/state/fluxrelay'],
])('what the relay lacks waits in %s', (_, folder, env, expected) => {
  const paths = keptPaths({ relay, outbox: { folder } }, env, '/home/me')
  expect(paths).toEqual({ outbox: `${expected}/outbox-p-1`, history: `${expected}/history-p-1` })
})

it('each printer has files of its own', () => {
  const all = [relay.token, relay.token.replace('p-1', 'p-2')].flatMap((token) => {
    const { outbox, history } = keptPaths(
      { relay: { ...relay, token }, outbox: { folder: '/o' } },
      {},
      '/',
    )
    return [outbox, history]
  })
  expect(new Set(all).size).toBe(4)
})
