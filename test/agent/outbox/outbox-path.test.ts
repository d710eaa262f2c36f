import { expect, it } from 'vitest'
import { outboxPath } from '../../../agent/outbox/outbox-path.ts'

const relay = { url: 'wss://relay.example', lowerAfter: 0, token: `frp_p-1_${'x'.repeat(43)}` }

it.each([
  ['the configured folder first', '/var/events', { STATE_DIRECTORY: '/s' }, '/var/events'],
  ['the folder of the service next', undefined, { STATE_DIRECTORY: '/s:/t' }, '/s'],
  ["then the user's own", undefined, { XDG_STATE_HOME: '/x' }, '/x/fluxrelay'],
  ['and the usual one last', undefined, { STATE_DIRECTORY: '' }, '/home/me/.local/state/fluxrelay'],
])('events wait in %s', (_, folder, env, expected) => {
  const path = outboxPath({ relay, outbox: { folder } }, env, '/home/me')
  expect(path).toBe(`${expected}/outbox-p-1`)
})

it('each printer has a file of its own', () => {
  const path = (token: string) =>
    outboxPath({ relay: { ...relay, token }, outbox: { folder: '/o' } }, {}, '/')
  expect(path(relay.token)).not.toBe(path(relay.token.replace('p-1', 'p-2')))
})
