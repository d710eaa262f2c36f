import { limits } from '../../protocol/limits.ts'
import type { RedeemedCode } from '../../protocol/rest-pairing.ts'
import { textOf } from '../mapping/tolerant.ts'
import type { Check } from './check.ts'

interface Paired {
  readonly redeemed: RedeemedCode
  readonly path: string
  readonly checks: readonly Check[]
  /** What starts the agent with these settings. */
  readonly start: string
}

/** All that works and what does not, on one screen. */
export const screen = ({ redeemed, path, checks, start }: Paired): string => {
  const name = textOf(redeemed.name, limits.nameText) ?? redeemed.printerId
  const rows = [
    ...checks,
    { level: 'ok', what: 'settings', told: `${path}, for its owner only` } as const,
  ]
  return [
    '',
    `Paired with "${name}" (${redeemed.printerId}).`,
    '',
    ...rows.map(({ level, what, told }) => `  ${labels[level]}  ${what.padEnd(9)}  ${told}`),
    ...(checks.some(({ what, level }) => what === 'key' && level === 'look')
      ? ['', ...advice]
      : []),
    '',
    redeemed.rotates
      ? 'An agent of this printer that runs with its old token stops within 10 minutes: start it anew.'
      : 'Start the agent:',
    '',
    `  ${start}`,
    '',
    '',
  ].join('\n')
}

const labels = { ok: 'ok       ', look: 'look here', fails: 'look here' } as const

const advice = [
  'The agent only reads, but who steals this key can do what it can do. Better is the key of a',
  'user who may only look: in OctoPrint, Settings > Access Control > Users, add one that is in',
  'the group "Read-only Access" alone; make its key; put it in the settings as octoprint.apiKey.',
]
