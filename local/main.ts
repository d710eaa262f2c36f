import { dataFailure } from './run/data-failure.ts'
import { readOptions, type Options } from './run/options.ts'
import { defaultLog, start } from './run/start.ts'
import { tellMistake } from './run/tell-mistake.ts'

/** One Ctrl-C comes more than once: from the terminal, and passed on by npm and by tsx. */
const sameCtrlCMs = 1_000

const banner = (origin: string, { octoPrint, loopback }: Options): string => {
  const what = octoPrint ? `your OctoPrint at ${octoPrint.url}` : 'a virtual printer (endless demo)'
  const signIn = loopback ? 'sign in with one click' : 'sign in with your account'
  return [
    '',
    `  FluxRelay is up:  ${origin}`,
    '',
    `  It watches ${what}; open the address and ${signIn}.`,
    ...(octoPrint ? [] : ['  Your printer: OCTOPRINT_URL=… OCTOPRINT_API_KEY=… npm start']),
    '  Ctrl-C stops it.',
    '',
  ].join('\n')
}

const main = async (): Promise<void> => {
  // The SDK warns of the Node it will ask for next year; no news for whoever starts a demo.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const options = readOptions(process.argv.slice(2), process.env)
  process.on('uncaughtException', (error) => {
    process.exit(tellMistake(dataFailure(error, options.dataDir) ?? error))
  })
  const log = defaultLog(process.env['LOG_LEVEL'] ?? 'warn')
  const running = await start(options, { log, scenario: undefined, agent: true })
  console.log(banner(running.origin, options))
  let stoppingSince: number | undefined
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      // A second Ctrl-C is somebody who does not want to wait.
      if (performance.now() - stoppingSince > sameCtrlCMs) process.exit(130)
      return
    }
    stoppingSince = performance.now()
    log.info({ signal }, 'stopping')
    void running.stop().then(() => console.log('FluxRelay has stopped.'))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

main().catch((error: unknown) => {
  process.exitCode = tellMistake(error)
})
