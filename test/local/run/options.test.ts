import { describe, expect, it } from 'vitest'
import { StartError } from '../../../local/errors.ts'
import { readOptions } from '../../../local/run/options.ts'
import { Told } from '../../../local/run/parse-command.ts'

const refusal = (args: readonly string[], env: Record<string, string> = {}): StartError => {
  try {
    readOptions(args, env)
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
  throw new StartError('bad_option', 'nothing was refused')
}

describe('the options of npm start', () => {
  it('listens on loopback with the virtual printer by default', () => {
    const options = readOptions([], {})
    expect(options).toMatchObject({
      host: '127.0.0.1',
      loopback: true,
      octoPrint: undefined,
      tls: undefined,
    })
    expect(options.origin).toBe(`http://127.0.0.1:${options.port}`)
  })

  it('takes the printer from flags before the environment', () => {
    const env = { OCTOPRINT_URL: 'http://other', OCTOPRINT_API_KEY: 'k' }
    expect(readOptions(['--octoprint', 'http://octopi.local'], env).octoPrint).toEqual({
      url: 'http://octopi.local/',
      apiKey: 'k',
    })
  })

  it.each([
    [['--port', '70000'], 'bad_option', /0 to 65535/],
    [['--port', 'x'], 'bad_option', /whole number/],
    [['--prot', '1'], 'bad_option', /unknown option '--prot'/],
    [['extra'], 'bad_option', /too many arguments/],
    [['--octoprint', 'http://a'], 'bad_option', /OCTOPRINT_API_KEY/],
    [['--octoprint', 'ftp://a', '--api-key', 'k'], 'bad_option', /http:/],
    [['--octoprint', 'http://u:p@a', '--api-key', 'k'], 'bad_option', /no user or password/],
    [['--api-key', 'k'], 'bad_option', /--octoprint/],
    [['--host', '0.0.0.0'], 'public_address', /--public-url/],
    [['--host', '192.168.1.5'], 'public_address', /https/],
    [['--public-url', 'http://a.example'], 'public_address', /https:/],
    [['--public-url', 'https://a.example/path'], 'public_address', /without a path/],
    [['--tls-cert', 'a.pem'], 'tls', /both or none/],
    [['--host', 'a b', '--tls-cert', 'a', '--tls-key', 'b'], 'bad_option', /--host/],
  ])('refuses %j and says what to write', (args, code, message) => {
    const error = refusal(args)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('\n')
  })

  it('never repeats a key in a refusal', () => {
    expect(refusal(['--apikey=hush-hush']).message).not.toContain('hush')
    expect(refusal(['--octoprint', 'ftp://a', '--api-key', 'hush-hush']).message).not.toContain(
      'hush',
    )
    expect(refusal(['--octoprint', 'http://u:hush@a', '--api-key', 'k']).message).not.toContain(
      'hush',
    )
  })

  it('is not loopback behind a public address, so that the demo account is not there', () => {
    const options = readOptions(['--public-url', 'https://prints.example'], {})
    expect(options).toMatchObject({ loopback: false, origin: 'https://prints.example' })
  })

  const withTls = ['--tls-cert', 'a.pem', '--tls-key', 'a.key']
  it.each([
    [['--host', 'prints.example', '--port', '443', ...withTls], 'https://prints.example'],
    [['--host', 'Prints.Example', '--port', '8443', ...withTls], 'https://prints.example:8443'],
    [['--host', 'LOCALHOST', '--port', '80'], 'http://localhost'],
    [['--host', '::1', '--port', '7420'], 'http://[::1]:7420'],
  ])('writes the origin of %j as browsers do', (args, origin) => {
    expect(readOptions(args, {}).origin).toBe(origin)
  })

  it('answers --help without starting', () => {
    expect(() => readOptions(['--help'], {})).toThrow(Told)
  })
})
