import { readOptions } from '../../local/run/options.ts'
import { defaultLog, start } from '../../local/run/start.ts'

/** The one-machine run without its built-in agent, so that each of the two can be killed alone. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
const options = readOptions(process.argv.slice(2), {})
const deps = { log: defaultLog('error'), scenario: undefined, agent: false }
const { origin } = await start(options, deps)
console.log(`FluxRelay is up:  ${origin}`)
