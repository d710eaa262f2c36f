import { Command, InvalidArgumentError } from 'commander'
import { drive, idleShare } from './drive.ts'
import { startMeasured } from './measured-relay.ts'
import { startNaive } from './naive-relay.ts'
import { report } from './latency-report.ts'
import { viewerProcess } from './viewer-process.ts'

const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new InvalidArgumentError(`A whole number from ${least} to ${most}.`)
}

const { viewers, changes, pace } = new Command('npm run bench:latency --')
  .description('Measures the way of a value from OctoPrint to the stores of the viewers.')
  .option('--viewers <n>', 'how many watch', whole(1, 250), 10)
  .option('--changes <n>', 'how many changes are measured', whole(8, 10_000), 200)
  .option('--pace <ms>', 'real ms of one tick of the agent; 1000 as in life', whole(50, 1000), 100)
  .parse()
  .opts<{ viewers: number; changes: number; pace: number }>()

const warmUp = Math.ceil(changes / 8)
const fewer = Math.ceil(changes / 4)

const measured = await startMeasured(pace)
const people = viewerProcess()
const naive = await startNaive()
try {
  await people.obey({
    type: 'sign in',
    origin: measured.origin,
    printerId: measured.home.printerId,
  })
  let next = 1
  const run = async (count: number) => {
    const from = next
    next += count
    const cpu = await drive(measured, { from, count, pace })
    const { sightings } = await people.obey({ type: 'report' })
    return { from, count, cpu, sightings }
  }
  await run(warmUp)
  const idle = await idleShare(10 * pace)
  const unwatched = await run(fewer)
  await people.obey({ type: 'watch', viewers: 1 })
  await run(warmUp)
  const single = await run(fewer)
  await people.obey({ type: 'watch', viewers })
  await run(warmUp)
  const watched = await run(changes)
  await people.obey({ type: 'watch', viewers: 0 })

  await people.obey({ type: 'watch plainly', url: naive.url, viewers })
  await naive.drive(1, warmUp, pace)
  await people.obey({ type: 'report' })
  await naive.drive(1 + warmUp, fewer, pace)
  const plain = await people.obey({ type: 'report' })
  const { roundTrips } = await people.obey({ type: 'echo', url: naive.url, count: fewer, pace: 20 })

  console.log(
    report({
      ...{ viewers, pace, idle, unwatched, single, watched, roundTrips },
      ways: measured.trace.ways,
      naive: { answered: naive.answered, sightings: plain.sightings },
    }),
  )
} finally {
  await naive.stop()
  await people.end()
  await measured.stop()
}
