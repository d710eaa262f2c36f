import { relative } from 'node:path'
import type { UsualFiles } from '../config/find-file.ts'
import { systemClock } from '../system-clock.ts'
import { wsDial } from '../uplink/ws-dial.ts'
import type { PairWish } from './pair.ts'
import type { PairFlags } from './pair-command.ts'
import type { PairPorts } from './ports.ts'
import { nodeSettingsFiles } from './settings-files.ts'

interface Given {
  readonly address: string
  readonly code: string | undefined
  readonly flags: PairFlags
  readonly env: Readonly<Record<string, string | undefined>>
  /** The settings file that flag or environment name. */
  readonly config: string | undefined
  readonly usual: UsualFiles
  /** The file that runs, and where it was started. */
  readonly script: string
  readonly cwd: string
}

/** Flags win over the environment, it over the presets. */
export const pairWish = ({ address, code, flags, env, ...rest }: Given): PairWish => ({
  address,
  code,
  octoPrint: {
    url: flags.octoprint ?? (env['OCTOPRINT_URL'] || 'http://localhost:5000'),
    apiKey: flags.apiKey ?? (env['OCTOPRINT_API_KEY'] || undefined),
    user: flags.user,
  },
  config: rest.config,
  usual: rest.usual,
  force: flags.force ?? false,
  program: programOf(rest.script, rest.cwd),
})

/** How a person starts what runs now. */
const programOf = (script: string, cwd: string): string => {
  if (/(^|\/)fluxrelay-agent$/.test(script)) return 'fluxrelay-agent'
  const near = relative(cwd, script)
  const file = near.startsWith('..') ? script : near
  return file.endsWith('.ts') ? `npx tsx ${file}` : `node ${file}`
}

/** The real terminal, disk, network and time. */
export const realPairPorts = (signal: AbortSignal): PairPorts => ({
  clock: systemClock,
  fetch,
  dial: (relay) => wsDial({ ...relay, clock: systemClock }),
  terminal: {
    input: process.stdin,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    say: (text) => void process.stdout.write(text),
  },
  files: nodeSettingsFiles,
  signal,
})
