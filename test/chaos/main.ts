import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { embeddedDynamo } from '../../local/tables/embedded-dynamo.ts'
import { dynaliteStore } from './dynalite-store.ts'
import { createGateway, type MakeGateway } from './gateway.ts'
import { reportOf } from './report.ts'
import { optionsOf, range } from './seeds.ts'
import { runSeed } from './run-seed.ts'
import { shrink } from './shrink.ts'
import { socketGateway } from './socket-gateway.ts'
import { socketServer } from './socket-server.ts'
import { memoryStore, type MakeStore } from './store.ts'
import { tie } from './tie.ts'

/**
 * `npm run chaos -- --seed N [--seeds M] [--minutes …] [--workers …] [--lines …] [--store dynalite]
 * [--gateway sockets]`: runs M seeds from N on, in so many processes, and tells of each that fails
 * with the fewest faults that do it. With `--store dynalite` each runs in memory and over dynalite,
 * which must be the same; with `--gateway sockets` each runs over the socket emulator.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    workers: { type: 'string', default: '1' },
    lines: { type: 'string', default: '60' },
    every: { type: 'string', default: '1' },
    store: { type: 'string', default: 'memory' },
    gateway: { type: 'string', default: 'in-process' },
  },
})
const [seed, seeds, workers, lines, every] = [
  values.seed,
  values.seeds,
  values.workers,
  values.lines,
  values.every,
].map(Number) as [number, number, number, number, number]
const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
/** More would only say the same again. */
const mostFailures = 5

const over = [
  ...(minutes === undefined ? [] : ['--minutes', `${minutes}`]),
  ...(values.store === 'memory' ? [] : ['--store', values.store]),
  ...(values.gateway === 'in-process' ? [] : ['--gateway', values.gateway]),
]
const commandOf = (one: number) => ['npm run chaos -- --seed', one, ...over].join(' ')

const runHere = (): Promise<number> => {
  switch (`${values.store} ${values.gateway}`) {
    case 'memory in-process':
      return runAll(memoryStore, createGateway)
    case 'dynalite in-process':
      return runOverDynalite()
    case 'memory sockets':
      return runOverSockets()
    default:
      console.error('Say nothing, or --store dynalite, or --gateway sockets: there is no more.')
      return Promise.resolve(1)
  }
}

const runOverSockets = async (): Promise<number> => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const server = await socketServer()
  try {
    return await runAll(memoryStore, socketGateway(server))
  } finally {
    server.close()
  }
}

const runOverDynalite = async (): Promise<number> => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const dynamo = await embeddedDynamo({ folder: undefined })
  try {
    return await runAll(dynaliteStore(dynamo.client), createGateway)
  } finally {
    await dynamo.close()
  }
}

const runAll = async (store: MakeStore, gateway: MakeGateway): Promise<number> => {
  const started = performance.now()
  let [ran, failed, steps, virtualMs] = [0, 0, 0, 0]
  for (const one of range(seed, seeds)) {
    if ((one - seed) % every !== 0) continue
    const options = optionsOf(one, { minutes, store, gateway })
    const { outcome, difference } =
      store === memoryStore
        ? { outcome: await runSeed(options), difference: undefined }
        : await tie(options, store)
    ran++
    steps += outcome.steps
    virtualMs += outcome.virtualMs
    if (difference !== undefined)
      console.log(`seed ${one} is another run than in memory: ${difference}; ${commandOf(one)}`)
    if (outcome.violation)
      console.log(reportOf(await shrink(options, outcome), commandOf(one), lines))
    if (difference === undefined && !outcome.violation) continue
    if (++failed >= mostFailures) break
  }
  const seconds = (performance.now() - started) / 1000
  console.log(
    `${ran} seeds, ${failed} failed; ${steps} steps, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours` +
      ` in ${seconds.toFixed(1)} s (${(ran / seconds).toFixed(2)} seeds/s)`,
  )
  return failed
}

/** Every process takes each so-manieth seed. */
const runApart = async (): Promise<number> => {
  const children = Array.from({ length: workers }, (_, i) => {
    const args = ['--seed', seed + i, '--seeds', seeds - i, '--every', workers, '--lines', lines]
    return spawn(
      process.execPath,
      [...process.execArgv, fileURLToPath(import.meta.url), ...[...args, ...over].map(String)],
      { stdio: 'inherit' },
    )
  })
  const codes = await Promise.all(children.map((child) => once(child, 'exit')))
  return codes.filter(([code]) => code !== 0).length
}

process.exitCode = (await (workers > 1 ? runApart() : runHere())) === 0 ? 0 : 1
