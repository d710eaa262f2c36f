import { describe, expect, it } from 'vitest'
import { createGuest, guestRoot, type GuestPass } from '../../client/guest.ts'
import { createRelayClient } from '../../client/relay-client.ts'
import { virtualTime, type VirtualTime } from './virtual-time.ts'

const secret = 'S'.repeat(43)
const hour = 3_600_000
const tokenOf = (n: number) => `frg_${String(n).padStart(43, 'T')}`

interface Linked {
  readonly time: VirtualTime
  readonly bodies: (string | undefined)[]
  readonly paths: string[]
  readonly kept: GuestPass[]
  withdrawn: boolean
}

const linked = (earlier?: GuestPass) => {
  const time = virtualTime()
  const state: Linked = { time, bodies: [], paths: [], kept: [], withdrawn: false }
  const error = { code: 'secret_not_valid', message: 'gone', retryable: false, requestId: 'r' }
  const deps = {
    clock: time,
    config: { api: 'https://relay.test', socket: 'wss://relay.test/live', root: guestRoot },
    fetch: async (url: string, { body }: { body: string | undefined }) => {
      state.paths.push(url.replace('https://relay.test', ''))
      state.bodies.push(body)
      const now = time.now() + 5 * hour // another clock than ours
      const answer = {
        ...{ token: tokenOf(state.bodies.length), until: now + 24 * hour, now },
        ...{ name: 'Club', view: 'basic', display: false },
      }
      return {
        status: state.withdrawn ? 404 : 200,
        headers: { get: () => null },
        text: async () => JSON.stringify(state.withdrawn ? { error } : answer),
      }
    },
  }
  const guest = createGuest({ ...deps, secret, kept: earlier, keep: (p) => state.kept.push(p) })
  return { ...state, state, deps, guest }
}

describe('a guest', () => {
  it('shows the secret in a body once, also to callers at the same time', async () => {
    const { guest, bodies, paths } = linked()
    const tokens = await Promise.all([guest.token({ fresh: false }), guest.token({ fresh: false })])
    expect(tokens).toEqual([tokenOf(1), tokenOf(1)])
    expect(await guest.token({ fresh: false })).toBe(tokenOf(1))
    expect(paths).toEqual(['/v1/shares/redeem'])
    expect(bodies).toEqual([JSON.stringify({ secret })])
  })

  it('gets another token when one was refused, or runs out by its own clock', async () => {
    const { guest, time } = linked()
    await guest.token({ fresh: false })
    expect(await guest.token({ fresh: true })).toBe(tokenOf(2))
    await time.pass(24 * hour)
    expect(await guest.token({ fresh: false })).toBe(tokenOf(3))
  })

  it('goes on with what an earlier page was given', async () => {
    const first = linked()
    await first.guest.pass()
    const second = linked(first.kept[0])
    expect(await second.guest.token({ fresh: false })).toBe(tokenOf(1))
    expect(second.bodies).toEqual([])
  })

  it('learns that the link was withdrawn, and its client ends with that', async () => {
    const { guest, deps, state, time } = linked()
    await guest.pass()
    state.withdrawn = true
    const client = createRelayClient({
      ...deps,
      random: () => 0.5,
      openSocket: () => ({ listen: () => {}, send: () => {}, close: () => {} }),
      token: () => guest.token({ fresh: true }),
    })
    client.start()
    await time.pass(0)
    expect(client.state().link).toEqual({ phase: 'ended', why: 'secret_not_valid' })
    client.stop()
  })

  it('learns it from the next poll where no socket can be had', async () => {
    const { guest, deps, state, time } = linked()
    let refused = 0
    const client = createRelayClient({
      ...deps,
      random: () => 1, // the longest waits for the socket
      openSocket: () => ({
        listen: ({ ended }) => void time.after(1, ended),
        send() {},
        close() {},
      }),
      fetch: async (url, request) => {
        if (!state.withdrawn || url.endsWith('/redeem')) return deps.fetch(url, request)
        refused++
        return { status: 401, headers: { get: () => null }, text: async () => '{}' }
      },
      token: guest.token,
    })
    client.watch('p1', { events: false })
    client.start()
    await time.pass(33_000) // the next try of the socket is half a minute away
    state.withdrawn = true
    await time.pass(7_000)
    expect(refused).toBeGreaterThan(0)
    expect(client.state().link).toEqual({ phase: 'ended', why: 'secret_not_valid' })
    client.stop()
  })

  it('asks for printers, tickets and the rest below its own root', async () => {
    const { deps, guest, paths, time } = linked()
    const client = createRelayClient({
      ...deps,
      random: () => 0.5,
      openSocket: () => ({ listen: () => {}, send: () => {}, close: () => {} }),
      token: guest.token,
    })
    client.start()
    await client.printers().catch(() => undefined)
    await client.history('p1', { from: 1 }).catch(() => undefined)
    await time.pass(0)
    client.stop()
    expect(paths).toContain('/v1/guest/tickets')
    expect(paths).toContain('/v1/guest/printers')
    expect(paths).toContain('/v1/guest/printers/p1/history?from=1')
    expect(paths.filter((path) => !/^\/v1\/(guest\/|shares\/redeem)/.test(path))).toEqual([])
  })
})
