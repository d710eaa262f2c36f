import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findFile } from '../../agent/config/find-file.ts'
import { readConfig } from '../../agent/config/read-config.ts'
import { loadRecording } from '../../local/octoprint/recording.ts'
import { playRecording } from '../../local/octoprint/recording-player.ts'
import type { Fetch } from '../../agent/octoprint/reader.ts'
import { nodeSettingsFiles } from '../../agent/pair/settings-files.ts'
import { adminUser } from '../../local/octoprint/keys.ts'
import { pairWorld } from './support/pair-world.ts'
import { refusal, secret, token } from './support/pairing-relay.ts'

describe('pairing', () => {
  it('gets a key from OctoPrint, a token for the code, and tells what works', async () => {
    const world = await pairWorld()
    const { works, said, leaked, message } = await world.pair()
    expect(message).toBeUndefined()
    expect(works).toBe(true)
    expect(said).toContain('allow it there')
    expect(said).toContain('Paired with "Prusa" (p-1).')
    expect(said).toMatch(/ok +relay/)
    expect(said).toMatch(/ok +OctoPrint +1\.\d+/)
    expect(said).toMatch(/ok +printer +connected/)
    expect(said).toMatch(/ok +key +of the user "watcher", can only read/)
    expect(said).toContain('Start the agent:')
    expect(leaked).toEqual([])
    expect(world.octoprint.requests.control).toBe(0)
  })

  it('writes settings that the agent takes, for their owner alone', async () => {
    const world = await pairWorld()
    await world.pair()
    const file = findFile(undefined, world.usual)
    const { config, warnings } = readConfig({ flags: {}, env: {}, file })
    expect(config.relay).toMatchObject({
      url: `${world.relay.origin.replace('http', 'ws')}/live`,
      token,
    })
    expect(config.octoprint.url).toBe(world.octoprint.url)
    expect(warnings).toEqual([])
    expect(await world.modeOf(world.own)).toBe(0o600)
    expect(await world.modeOf(dirname(world.own))).toBe(0o700)
    expect(await readdir(dirname(world.own))).toEqual(['agent.json'])
  })

  it('opens the socket and says nothing on it', async () => {
    const world = await pairWorld()
    await world.pair()
    expect(world.relay).toMatchObject({ sockets: 1, frames: [] })
  })

  it('warns of a key that can do more than read, and goes on', async () => {
    const world = await pairWorld({ user: adminUser })
    const { works, said } = await world.pair()
    expect(works).toBe(true)
    expect(said).toMatch(/look here +key +of the user "admin", can do more than read: .*PRINT/)
    expect(said).toContain('"Read-only Access" alone')
  })

  it('is content with a printer that is off', async () => {
    const world = await pairWorld({ scenario: playRecording(loadRecording('print-complete')) })
    const { works, said } = await world.pair()
    expect(works).toBe(true)
    expect(said).toMatch(/ok +printer +offline: it is seen as soon as/)
  })

  it('says when an agent with the old token has to be started anew', async () => {
    const world = await pairWorld()
    world.relay.redeemed.rotates = true
    expect((await world.pair()).said).toContain('stops within 10 minutes: start it anew')
  })

  it('shows a name of any script, and no control characters of it', async () => {
    const world = await pairWorld()
    world.relay.redeemed.name = 'プリンター\u001b[2J'
    expect((await world.pair()).said).toContain('"プリンター [2J"')
  })

  it('says what does not work when the relay then refuses the token', async () => {
    const world = await pairWorld()
    world.relay.refuseSocket = 403
    const { works, said } = await world.pair()
    expect(works).toBe(false)
    expect(said).toMatch(/look here +relay +the relay refuses the connection \(403\)/)
    expect(await world.settings()).toHaveProperty('relay.token', token)
  })
})

describe('the key of OctoPrint', () => {
  it('is asked for in the name of the user that was named', async () => {
    const world = await pairWorld()
    const { said } = await world.pair({ octoPrint: { user: 'fluxrelay' } })
    expect(said).toContain('sign in as "fluxrelay"')
  })

  it('is taken by hand, and typed without being shown', async () => {
    const world = await pairWorld()
    world.octoprint.accept('hand-key')
    const given = await world.pair({ octoPrint: { apiKey: 'hand-key' } })
    expect(given).toMatchObject({ works: true, leaked: [] })
    const typed = await world.pair({
      octoPrint: { apiKey: true },
      wish: { force: true },
      types: [[/API key/, 'hand-key\r']],
    })
    expect(typed).toMatchObject({ works: true, leaked: [] })
    expect(await world.settings()).toHaveProperty('octoprint.apiKey', 'hand-key')
  })

  it('is asked of the person where OctoPrint gives none by itself', async () => {
    const world = await pairWorld()
    world.octoprint.accept('hand-key')
    world.octoprint.faults.set('/plugin/appkeys/probe', { kind: 'status', status: 404 })
    const types = [[/API key/, 'hand-key\r']] as const
    expect(await world.pair({ types })).toMatchObject({ works: true, leaked: [] })
    expect(await world.pair({ wish: { force: true } })).toMatchObject({ code: 'no_key' })
  })

  it('is refused before the code is used up', async () => {
    const world = await pairWorld()
    const refused = await world.pair({ octoPrint: { apiKey: 'nonsense' } })
    expect(refused).toMatchObject({ code: 'key_refused', leaked: [] })
    expect(world.relay.shown).toEqual([])
  })

  it('that nobody allows ends the pairing when its time is over', async () => {
    const world = await pairWorld({ autoGrantAfterPolls: Infinity })
    const { code, message } = await world.pair()
    expect([code, message]).toEqual(['no_key', expect.stringContaining('in time')])
    expect(world.clock.now()).toBe(600_000)
    expect(world.relay.shown).toEqual([])
  })

  it('that is denied ends the pairing at once', async () => {
    const world = await pairWorld({ autoGrantAfterPolls: Infinity })
    const { fetch } = globalThis
    let polls = 0
    const denying: Fetch = (url, init) => {
      if (url.includes('/appkeys/request/') && ++polls === 3) world.octoprint.appKeys.deny()
      return fetch(url, init)
    }
    const { code, message } = await world.pair({ ports: { fetch: denying } })
    expect([code, message]).toEqual(['no_key', expect.stringContaining('denied')])
  })

  it('survives a poll that is lost, and not an OctoPrint that is gone', async () => {
    const world = await pairWorld()
    const route = '/plugin/appkeys/request/:token'
    world.octoprint.faults.once(route, { kind: 'reset' }, 2)
    expect(await world.pair()).toMatchObject({ works: true })
    world.octoprint.faults.set(route, { kind: 'reset' })
    expect(await world.pair({ wish: { force: true } })).toMatchObject({ code: 'octoprint' })
  })

  it('needs an OctoPrint that is there, at an address', async () => {
    const world = await pairWorld()
    await world.octoprint.goDown()
    const { code, message } = await world.pair()
    expect([code, message]).toEqual(['octoprint', expect.stringContaining('ECONNREFUSED')])
    expect(await world.pair({ octoPrint: { url: 'ftp://a' } })).toMatchObject({ code: 'octoprint' })
  })
})

describe('what the relay refuses is told with what to do', () => {
  it.each([
    ['an unknown code', refusal(404, 'secret_not_valid'), 'wrong_code', 'make a new code'],
    ['too many tries', refusal(429, 'rate_limited', 65_000), 'too_often', 'in 65 seconds'],
    ['a fault', refusal(503, 'unavailable'), 'relay_refuses', 'try again in a minute'],
    ['no right', refusal(403, 'not_owner'), 'relay_refuses', 'request-1'],
    ['no sense', { status: 200, body: '<html>' }, 'relay_refuses', 'this agent does not know'],
    ['a redirect', { status: 302, body: '', headers: { location: '/' } }, 'relay_refuses', '302'],
  ])('%s', async (_what, answer, code, told) => {
    const world = await pairWorld()
    world.relay.answers.push(answer)
    const refused = await world.pair()
    expect(refused).toMatchObject({ code, leaked: [] })
    expect(refused.message).toContain(told)
    expect(refused.message).not.toContain('\n')
    expect(await readdir(dirname(world.own))).toEqual([])
  })

  it('a code that was mistyped can be typed again', async () => {
    const world = await pairWorld()
    const types = [
      [/code of the printer/, 'CCCC CCCC\r'],
      [/code of the printer/, 'acde-3467\r'],
    ] as const
    const { works, said } = await world.pair({ wish: { code: undefined }, types })
    expect([works, world.relay.shown]).toEqual([true, ['CCCCCCCC', 'ACDE3467']])
    expect(said).toContain('does not take this code')
    const wrong = Array.from({ length: 3 }, () => [/code of the printer/, 'no\r'] as const)
    const given = { wish: { code: undefined, force: true }, types: wrong }
    expect(await world.pair(given)).toMatchObject({ code: 'wrong_code' })
  })

  it.each([
    ['no relay there', { status: 404, body: '<html>' }, 'wrong_address'],
    ['a page for everything', { status: 200, body: '<html>' }, 'wrong_address'],
    ['another address', { status: 301, body: '' }, 'wrong_address'],
    ['a fault', { status: 502, body: '' }, 'no_answer'],
    [
      'an open socket',
      { status: 200, body: { api: 'https://a.example', socket: 'ws://a.example' } },
      'wrong_address',
    ],
  ])('%s', async (_what, config, code) => {
    const world = await pairWorld()
    world.relay.config = config
    expect(await world.pair()).toMatchObject({ code, leaked: [] })
    expect(world.octoprint.appKeys.pending()).toEqual([])
  })

  it('that leads elsewhere is told with where, and a code is shown to nobody', async () => {
    const world = await pairWorld()
    const location = 'https://elsewhere.example/config.json?x=1'
    world.relay.config = { status: 307, body: '', headers: { location } }
    const { code, message } = await world.pair()
    expect(code).toBe('wrong_address')
    expect(message).toMatch(/leads to https:\/\/elsewhere\.example: give/)
    expect(world.relay.shown).toEqual([])
  })

  it.each([
    ['http://relay.example', 'wrong_address', 'https://'],
    ['ftp://relay.example', 'wrong_address', 'no web address'],
    ['https://u:p@relay.example', 'wrong_address', 'no user or password'],
    ['ACDE-3467', 'wrong_address', 'comes first'],
  ])('the address %s', async (address, code, told) => {
    const world = await pairWorld()
    const refused = await world.pair({ wish: { address } })
    expect(refused).toMatchObject({ code, message: expect.stringContaining(told) as string })
  })

  it('a relay that is not there, or that speaks no TLS', async () => {
    const world = await pairWorld()
    const https = world.relay.origin.replace('http', 'https')
    expect(await world.pair({ wish: { address: https } })).toMatchObject({ code: 'untrusted' })
    world.relay.server.close()
    world.relay.server.closeAllConnections()
    expect(await world.pair()).toMatchObject({ code: 'no_answer' })
  })
})

describe('settings that are there', () => {
  const old = {
    relay: { url: 'wss://old.example/live', token: token.replace('p-1', 'p-old'), lowerAfter: 5 },
    octoprint: { url: 'http://x', apiKey: 'old-key' },
    log: { level: 'debug' },
  }
  const withOld = async (text = JSON.stringify(old)) => {
    const world = await pairWorld()
    await mkdir(dirname(world.own), { recursive: true })
    await writeFile(world.own, text, { mode: 0o644 })
    return world
  }

  it('are not replaced without a word', async () => {
    const world = await withOld()
    const silent = await world.pair()
    expect(silent).toMatchObject({ code: 'config_exists', leaked: [] })
    expect(silent.message).toContain('the printer p-old at old.example')
    const types = [[/Replace it/, '\r']] as const
    expect(await world.pair({ types })).toMatchObject({ code: 'config_exists', leaked: [] })
    expect(await readFile(world.own, 'utf8')).toBe(JSON.stringify(old))
    expect(world.relay.shown).toEqual([])
  })

  it('are asked about in a line that a backspace draws anew without the rest', async () => {
    const world = await withOld()
    const types = [[/Replace it/, 'yy\u007f\r']] as const
    const { works, said } = await world.pair({ types })
    expect(works).toBe(true)
    expect(said.split('p-old')).toHaveLength(2)
    expect(said.split('Replace it?').length).toBeGreaterThan(2)
  })

  it('are replaced on a yes; what else they set, stays', async () => {
    const world = await withOld()
    const types = [[/Replace it/, 'y\r']] as const
    expect(await world.pair({ types })).toMatchObject({ works: true })
    expect(await world.settings()).toMatchObject({
      relay: { token, lowerAfter: 5 },
      log: { level: 'debug' },
    })
    expect(await world.modeOf(world.own)).toBe(0o600)
  })

  it.each(['{', '{"outbox": 5}'])('that are damaged are replaced whole: %s', async (text) => {
    const world = await withOld(text)
    expect(await world.pair({ wish: { force: true } })).toMatchObject({ works: true })
    expect(Object.keys(await world.settings())).toEqual(['relay', 'octoprint'])
  })
})

describe('the place of the settings', () => {
  const unnamed = { wish: { config: undefined } }

  it("is the machine's where that can be written, and the agent finds them there", async () => {
    const world = await pairWorld()
    await world.pair(unnamed)
    expect(await world.settings(world.usual.machine)).toHaveProperty('relay.token', token)
    expect(findFile(undefined, world.usual)).toHaveProperty('path', world.usual.machine)
  })

  it("is the user's own where the user has one, which goes before", async () => {
    const world = await pairWorld()
    await mkdir(dirname(world.own), { recursive: true })
    await writeFile(world.own, '{}')
    await world.pair({ wish: { config: undefined, force: true } })
    expect(findFile(undefined, world.usual)).toMatchObject({
      path: world.own,
      text: expect.stringContaining(secret) as string,
    })
  })

  it('that cannot be written is told before anything is asked', async () => {
    const world = await pairWorld()
    await writeFile(join(world.folder, 'home'), '')
    const { code, message } = await world.pair()
    expect([code, message]).toEqual(['cannot_write', expect.stringContaining('--config')])
    expect(world.relay.shown).toEqual([])
  })
})

describe.runIf(process.platform === 'linux')('a folder that the system denies', () => {
  it('is told, and not tried for ever', async () => {
    const world = await pairWorld()
    const { code, message } = await world.pair({ wish: { config: '/proc/none/deep/agent.json' } })
    expect([code, message]).toEqual(['cannot_write', expect.stringContaining('ENOENT')])
    expect(world.relay.shown).toEqual([])
  })
})

describe('nothing is lost', () => {
  it('when nobody can be asked: it ends before anything is', async () => {
    const world = await pairWorld()
    expect(await world.pair({ wish: { code: undefined } })).toMatchObject({ code: 'nobody_to_ask' })
    const asked = await world.pair({ octoPrint: { apiKey: true } })
    expect(asked).toMatchObject({ code: 'nobody_to_ask' })
  })

  it.each<[string, readonly (readonly [RegExp, string])[]]>([
    ['at the question for the code', [[/code of the printer/, '\u0003']]],
    ['in the middle of the code', [[/code of the printer/, 'ACDE\u0003']]],
    ['at the question for the key', [[/API key/, 'K\u0003']]],
    ['with Ctrl-D', [[/API key/, '\u0004']]],
  ])('by Ctrl-C %s', async (_where, types) => {
    const world = await pairWorld()
    const apiKey = types[0]?.[0].source === 'API key' ? true : undefined
    const stopped = await world.pair({ wish: { code: undefined }, octoPrint: { apiKey }, types })
    expect(stopped).toMatchObject({ code: 'stopped', leaked: [] })
    expect(await readdir(dirname(world.own))).toEqual([])
  })

  it('by Ctrl-C while OctoPrint is waited for', async () => {
    const world = await pairWorld({ autoGrantAfterPolls: Infinity })
    const pairing = world.pair()
    world.stop.abort()
    expect(await pairing).toMatchObject({ code: 'stopped' })
  })

  it('by Ctrl-C while the code is redeemed, and it says that the code may be gone', async () => {
    const world = await pairWorld()
    world.relay.redeeming = async () => world.stop.abort()
    const { code, message } = await world.pair()
    expect([code, message]).toEqual(['stopped', expect.stringContaining('may be used up')])
    expect(await readdir(dirname(world.own))).toEqual([])
  })

  it('by Ctrl-C during the checks: the settings are whole by then', async () => {
    const world = await pairWorld()
    world.octoprint.faults.set('/api/currentuser', { kind: 'hang' })
    world.octoprint.faults.set('/api/version', { kind: 'hang' })
    const stopped = await world.pair({
      ports: {
        dial: () => (events) => {
          world.stop.abort()
          queueMicrotask(() => events.ended({ kind: 'failed', code: 'stopped' }))
          return { send: () => {}, end: () => {} }
        },
      },
    })
    expect([stopped.code, stopped.message]).toEqual([
      'stopped',
      expect.stringContaining('is written, and whole'),
    ])
    expect(await world.settings()).toHaveProperty('relay.token', token)
  })

  it('but the code, when the disk is full just then: and it says so', async () => {
    const world = await pairWorld()
    const replace = () => {
      throw Object.assign(new TypeError('full'), { code: 'ENOSPC' })
    }
    const full = await world.pair({ ports: { files: { ...nodeSettingsFiles, replace } } })
    expect(full).toMatchObject({ code: 'cannot_write', leaked: [] })
    expect(full.message).toMatch(/ENOSPC.*make room.*The code is used up/)
  })
})
