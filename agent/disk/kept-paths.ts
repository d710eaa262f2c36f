import { join, resolve } from 'node:path'
import { printerOfToken } from '../../protocol/agent-token.ts'
import type { AgentConfig } from '../config/config-schema.ts'

/** Files of one printer that outlive the agent's starts. */
export interface KeptPaths {
  /** Events that wait. */
  readonly outbox: string
  /** Whole chunks of temperature history that wait. */
  readonly history: string
}

/**
 * Where what the relay lacks waits: in the folder that was configured, else in the one systemd made
 * for the service, else where the XDG specification keeps a user's state. Each printer has files of
 * its own, for agents of several printers may run on one host.
 */
export const keptPaths = (
  { outbox, relay }: Pick<AgentConfig, 'outbox' | 'relay'>,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): KeptPaths => {
  // systemd lists several folders with colons between; ours is the first.
  const ofService = env['STATE_DIRECTORY']?.split(':')[0]
  const ofUser = join(env['XDG_STATE_HOME'] || join(home, '.local/state'), 'fluxrelay')
  const folder = resolve(outbox.folder ?? (ofService || ofUser))
  const printer = printerOfToken(relay.token) ?? 'unknown'
  return { outbox: join(folder, `outbox-${printer}`), history: join(folder, `history-${printer}`) }
}
