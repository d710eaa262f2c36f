import { parseArgs } from 'node:util'
import { victims, type VictimName } from './ground.ts'
import { runKills } from './run-kills.ts'

/** `npm run kill -- --times 50 --seed 1 --victim agent`: prints figures; fails if anything is lost. */
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    victim: { type: 'string', multiple: true, default: [...victims] },
  },
})
const isVictim = (name: string): name is VictimName => victims.some((one) => one === name)

const killOne = async (victim: VictimName): Promise<void> => {
  const [times, seed] = [Number(values.times), Number(values.seed)]
  const { faults, figures } = await runKills({ victim, times, seed })
  const told = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`)
  console.log(`${victim}, seed ${seed}: ${told.join(', ')}`)
  for (const fault of faults) console.log(`  FAULT: ${fault}`)
  if (faults.length > 0) process.exitCode = 1
}

const wrong = values.victim.find((name) => !isVictim(name))
if (wrong !== undefined || !/^\d+$/.test(values.times) || !/^\d+$/.test(values.seed)) {
  console.error(`Give --times and --seed as whole numbers, --victim as ${victims.join(' or ')}.`)
  process.exitCode = 2
} else {
  // At once: each run mostly waits.
  await Promise.all(values.victim.filter(isVictim).map(killOne))
}
