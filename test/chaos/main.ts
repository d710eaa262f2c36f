import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { reportOf } from './report.ts'
import { optionsOf, range } from './seeds.ts'
import { runSeed } from './run-seed.ts'
import { shrink } from './shrink.ts'

/**
 * `npm run chaos -- --seed N [--seeds M] [--minutes …] [--workers …] [--lines …]`: runs M seeds from
 * N on, in so many processes, and tells of each that fails with the fewest faults that do it.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    workers: { type: 'string', default: '1' },
    lines: { type: 'string', default: '60' },
    every: { type: 'string', default: '1' },
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

const commandOf = (one: number) =>
  `npm run chaos -- --seed ${one}${minutes === undefined ? '' : ` --minutes ${minutes}`}`

const runHere = async (): Promise<number> => {
  const started = performance.now()
  let [ran, failed, steps, virtualMs] = [0, 0, 0, 0]
  for (const one of range(seed, seeds)) {
    if ((one - seed) % every !== 0) continue
    const options = optionsOf(one, { minutes })
    const outcome = await runSeed(options)
    ran++
    steps += outcome.steps
    virtualMs += outcome.virtualMs
    if (!outcome.violation) continue
    console.log(reportOf(await shrink(options, outcome), commandOf(one), lines))
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
    const more = minutes === undefined ? [] : ['--minutes', minutes]
    return spawn(
      process.execPath,
      [...process.execArgv, fileURLToPath(import.meta.url), ...[...args, ...more].map(String)],
      { stdio: 'inherit' },
    )
  })
  const codes = await Promise.all(children.map((child) => once(child, 'exit')))
  return codes.filter(([code]) => code !== 0).length
}

process.exitCode = (await (workers > 1 ? runApart() : runHere())) === 0 ? 0 : 1
