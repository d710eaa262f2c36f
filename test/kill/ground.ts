import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAgent } from '../../agent/build.ts'
import { keptPaths } from '../../agent/disk/kept-paths.ts'
import { foldersIn, type Home } from '../../local/run/home.ts'
import { freePort } from '../support/relay-process.ts'
import { follow } from './follower.ts'
import { watchOutbox } from './outbox-watch.ts'
import { kept } from './printer.ts'
import { victim, type Victim } from './victim.ts'

/** Who is killed: the agent, the relay, or `npm start`, which is both in one process. */
export const victims = ['agent', 'relay', 'start'] as const
export type VictimName = (typeof victims)[number]

const root = join(import.meta.dirname, '../..')
const every = '250'

/** OctoPrint and viewer in this process; relay and agent in one or two of their own. */
export const makeGround = async (name: VictimName) => {
  const folder = await mkdtemp(join(tmpdir(), 'fluxrelay-kill-'))
  const data = join(folder, 'data')
  const printer = await kept()
  const { url, key } = printer.octoPrint
  const port = String(await freePort())
  const alone = name === 'start'
  let tellUp = () => {}
  const up = new Promise<void>((resolve) => (tellUp = resolve))
  const relay = victim({
    args: [
      ...['--import', 'tsx', alone ? 'local/main.ts' : 'test/kill/relay-entry.ts'],
      ...['--port', port, '--data', data, ...(alone ? ['--octoprint', url] : [])],
    ],
    env: { OCTOPRINT_API_KEY: key, LOG_LEVEL: 'error' },
    cwd: root,
    said: (text) => {
      if (text.includes('is up:')) tellUp()
    },
  })
  await Promise.race([up, relay.died])
  const homeText = await readFile(foldersIn(data).home, 'utf8')
  const { printerId, agentToken } = JSON.parse(homeText) as Home
  const origin = `http://127.0.0.1:${port}`
  const outboxFolder = alone ? foldersIn(data).agent : join(folder, 'agent')
  const { outbox: path } = keptPaths(
    { relay: { token: agentToken, url: '', lowerAfter: 0 }, outbox: { folder: outboxFolder } },
    {},
    folder,
  )
  const outbox = watchOutbox(path)
  const follower = await follow(origin, printerId)
  const startAgent = async (): Promise<Victim> => {
    const bundle = join(folder, 'agent.cjs')
    await buildAgent(bundle)
    return victim({
      args: [bundle],
      env: {
        ...{ FLUXRELAY_URL: `${origin.replace('http', 'ws')}/ws`, FLUXRELAY_TOKEN: agentToken },
        ...{ OCTOPRINT_URL: url, OCTOPRINT_API_KEY: key, FLUXRELAY_OUTBOX: outboxFolder },
        ...{ FLUXRELAY_STATUS_INTERVAL: every, FLUXRELAY_TEMPERATURE_INTERVAL: every },
        ...{ FLUXRELAY_PROGRESS_INTERVAL: every, FLUXRELAY_LOG_LEVEL: 'warn' },
      },
      cwd: folder,
      said: () => {},
    })
  }
  const agent = alone ? relay : await startAgent()
  return {
    ...{ name, printer, outbox, follower, printerId, homeText },
    victim: name === 'agent' ? agent : relay,
    died: Promise.race([relay.died, agent.died]),
    readHome: () => readFile(foldersIn(data).home, 'utf8'),
    remove: async () => {
      follower.client.stop()
      outbox.close()
      await Promise.all([agent.end(), relay.end(), printer.octoPrint.close()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type Ground = Awaited<ReturnType<typeof makeGround>>
