import { parseArgs } from 'node:util'
import { headLine, reportOf, sampleLine } from './report.ts'
import { runSoak } from './run-soak.ts'
import { verdictOf } from './verdict.ts'

/**
 * `npm run soak -- [--warm 24] [--hours 24] [--printers 10] [--viewers 100] [--seed 1]`: a day of
 * printers and people in virtual time, after so many hours of warming up; each hour what there is,
 * at the end whether all of it is explained.
 */
const { values } = parseArgs({
  options: {
    warm: { type: 'string', default: '24' },
    hours: { type: 'string', default: '24' },
    printers: { type: 'string', default: '10' },
    viewers: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
})
const options = {
  warm: Number(values.warm),
  hours: Number(values.warm) + Number(values.hours),
  printers: Number(values.printers),
  viewers: Number(values.viewers),
  seed: Number(values.seed),
}
const started = performance.now()
console.log(headLine())
const soaked = await runSoak(options, (sample) => console.log(sampleLine(sample)))
const claims = verdictOf(soaked)
console.log(reportOf(soaked, claims))
const failed = claims.filter(({ holds }) => !holds).length
const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(
  `${options.hours} virtual hours in ${seconds} s: ${failed} of ${claims.length} claims fail`,
)
process.exitCode = failed === 0 ? 0 : 1
