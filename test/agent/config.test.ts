import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findFile, usualFiles } from '../../agent/config/find-file.ts'
import { readConfig, type ConfigSources } from '../../agent/config/read-config.ts'
import { settings } from '../../agent/config/settings.ts'
import { ConfigError, type ConfigMistake } from '../../agent/errors.ts'
import { agentVersion } from '../../agent/version.ts'
import packageFile from '../../package.json' with { type: 'json' }

const secret = 'S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3t0'
const token = `frp_p-1_${secret}`
const good = {
  relay: { url: 'wss://relay.example/live', token },
  octoprint: { url: 'http://octopi.local/octoprint/', apiKey: 'KEY-of-octoprint' },
}
const usual = usualFiles({}, '/nowhere')
const fileOf = (value: unknown, mode = 0o100600) => ({
  path: '/etc/agent.json',
  text: typeof value === 'string' ? value : JSON.stringify(value),
  mode,
})
const sources = (given: Partial<ConfigSources>): ConfigSources => ({
  flags: {},
  env: {},
  file: undefined,
  ...given,
})
const mistakesOf = (given: Partial<ConfigSources>): readonly ConfigMistake[] => {
  try {
    readConfig(sources(given))
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  return []
}

describe('settings', () => {
  it('come from flags before the environment before the file before presets', () => {
    const file = fileOf({ ...good, intervals: { status: 7000, temperature: 3000, progress: 1500 } })
    const env = { FLUXRELAY_STATUS_INTERVAL: '8000', FLUXRELAY_TEMPERATURE_INTERVAL: '4000' }
    const flags = { statusInterval: '9000' }
    const { config } = readConfig({ flags, env, file })
    expect(config.intervals).toEqual({ status: 9000, temperature: 4000, progress: 1500 })
    expect(config.relay).toEqual({ ...good.relay, lowerAfter: 60_000 })
    expect(config.log.level).toBe('info')
  })

  it('can all come from the environment, and from flags alone', () => {
    const env = {
      FLUXRELAY_URL: good.relay.url,
      FLUXRELAY_TOKEN: token,
      OCTOPRINT_URL: good.octoprint.url,
      OCTOPRINT_API_KEY: good.octoprint.apiKey,
    }
    const flags = {
      relay: good.relay.url,
      token,
      octoprint: good.octoprint.url,
      apiKey: 'KEY-of-octoprint',
    }
    const fromEnv = readConfig(sources({ env })).config
    expect(fromEnv.octoprint).toEqual(good.octoprint)
    expect(readConfig(sources({ flags })).config).toEqual(fromEnv)
  })

  it('take an empty variable as not set', () => {
    const env = { FLUXRELAY_TOKEN: '' }
    expect(readConfig(sources({ env, file: fileOf(good) })).config.relay.token).toBe(token)
  })

  it.each(['ws://127.0.0.1:8080/', 'ws://localhost:1/', 'ws://[::1]:1/', 'wss://relay.example'])(
    'take %s for the relay',
    (url) => {
      const file = fileOf({ ...good, relay: { url, token } })
      expect(readConfig(sources({ file })).config.relay.url).toBe(url)
    },
  )

  const changed = (group: string, change: object) =>
    fileOf({ ...good, [group]: { ...(good as Record<string, object>)[group], ...change } })

  it.each([
    ['relay.url', changed('relay', { url: 'ws://relay.example' }), /wss:\/\//],
    ['relay.url', changed('relay', { url: 'ws://127.0.0.1.example.org' }), /wss:\/\//],
    ['relay.url', changed('relay', { url: 'https://relay.example' }), /wss/],
    ['relay.url', changed('relay', { url: 'wss://me:pw@relay.example' }), /password/],
    ['relay.url', changed('relay', { url: 'wss://relay.example/#x' }), /#/],
    ['relay.url', changed('relay', { url: undefined }), /missing/],
    ['relay.token', changed('relay', { token: `frp_p-1_short` }), /token/],
    ['relay.token', changed('relay', { token: 12 }), /text/],
    ['relay.lowerAfter', changed('relay', { lowerAfter: -1 }), /whole number/],
    ['relay.tokn', changed('relay', { tokn: 'x' }), /spelling/],
    ['octoprint.url', changed('octoprint', { url: 'octopi.local' }), /http/],
    ['octoprint.url', changed('octoprint', { url: 'http://a:b@octopi.local' }), /password/],
    ['octoprint.apiKey', changed('octoprint', { apiKey: 'with space' }), /key/],
    ['octoprint.apiKey', changed('octoprint', { apiKey: '' }), /key/],
    ['intervals.progress', changed('intervals', { progress: 249 }), /250/],
    ['intervals.progress', changed('intervals', { progress: '1s' }), /250/],
    ['intervals', fileOf({ ...good, intervals: [1] }), /object/],
    ['log.level', changed('log', { level: 'loud' }), /debug/],
    ['extra', fileOf({ ...good, extra: 1 }), /spelling/],
    ['/etc/agent.json', fileOf('{ "relay": '), /JSON/],
    ['/etc/agent.json', fileOf('[1]'), /object/],
  ])('name a mistake at %s', (path, file, message) => {
    const mistakes = mistakesOf({ file })
    expect(mistakes).toMatchObject([{ path }])
    expect(mistakes[0]?.message).toMatch(message)
    expect(mistakes[0]?.origin).toMatch(/file|agent\.json/)
  })

  it('tell all mistakes at once, each with where it came from', () => {
    const mistakes = mistakesOf({
      flags: { relay: 'http://relay.example', logLevel: 'loud' },
      env: { FLUXRELAY_TOKEN: 'nope', FLUXRELAY_PROGRESS_INTERVAL: 'fast' },
      file: fileOf({ octoprint: { url: 5 }, unknown: {} }),
    })
    expect(mistakes.map(({ path, origin }) => [path, origin]).sort()).toEqual([
      ['intervals.progress', 'environment FLUXRELAY_PROGRESS_INTERVAL'],
      ['log.level', 'flag --log-level'],
      ['octoprint.apiKey', 'not in /etc/agent.json'],
      ['octoprint.url', 'file /etc/agent.json'],
      ['relay.token', 'environment FLUXRELAY_TOKEN'],
      ['relay.url', 'flag --relay'],
      ['unknown', 'file /etc/agent.json'],
    ])
  })

  it('do not report as missing what an unreadable file would have held', () => {
    const file = findFile('/nowhere/agent.json', usual)
    const mistakes = mistakesOf({ file, flags: { relay: 'nonsense' } })
    expect(mistakes.map(({ path }) => path)).toEqual(['/nowhere/agent.json', 'relay.url'])
  })

  it('never show a value in a mistake', () => {
    const mistakes = mistakesOf({
      flags: { relay: `ws://${secret}.example`, token: `frx_${secret}`, apiKey: ` ${secret}` },
      env: { OCTOPRINT_URL: `ftp://${secret}`, FLUXRELAY_LOG_LEVEL: secret },
      file: fileOf(`{"relay": {"token": "${secret}`),
    })
    expect(mistakes.length).toBe(6)
    expect(JSON.stringify(mistakes)).not.toContain(secret)
    expect(new ConfigError(mistakes).message).not.toContain(secret)
  })
})

describe('the settings file', () => {
  it('is warned of when others may read the secrets in it', () => {
    const { warnings } = readConfig(sources({ file: fileOf(good, 0o100644) }))
    expect(warnings).toMatchObject([expect.stringContaining('644')])
  })

  it.each([0o100600, 0o100400])('is right with mode %o', (mode) => {
    expect(readConfig(sources({ file: fileOf(good, mode) })).warnings).toEqual([])
  })

  it('is not warned of when it holds no secret', () => {
    const env = { FLUXRELAY_TOKEN: token, OCTOPRINT_API_KEY: 'key' }
    const file = fileOf(
      { relay: { url: good.relay.url }, octoprint: { url: good.octoprint.url } },
      0o100644,
    )
    expect(readConfig(sources({ env, file })).warnings).toEqual([])
  })

  it('is found with its mode', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'agent-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'agent.json')
    await writeFile(path, '{}', { mode: 0o640 })
    expect(findFile(path, usual)).toMatchObject({ path, text: '{}' })
  })
})

it('every setting has names of its own', () => {
  for (const name of ['path', 'env', 'flag'] as const)
    expect(new Set(settings.map((setting) => setting[name])).size).toBe(settings.length)
})

it('the agent has the version of the package', () => {
  expect(agentVersion).toBe(packageFile.version)
})
