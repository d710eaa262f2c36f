import { join, resolve } from 'node:path'
import { printerOfToken } from '../../protocol/agent-token.ts'
import type { AgentConfig } from '../config/config-schema.ts'

/**
 * Where the events of a printer wait: in the folder that was configured, else in the one systemd made
 * for the service, else where the XDG specification keeps a user's state. Each printer has a file of
 * its own, for agents of several printers may run on one host.
 */
export const outboxPath = (
  { outbox, relay }: Pick<AgentConfig, 'outbox' | 'relay'>,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string => {
  // systemd lists several folders with colons between; ours is the first.
  const ofService = env['STATE_DIRECTORY']?.split(':')[0]
  const ofUser = join(env['XDG_STATE_HOME'] || join(home, '.local/state'), 'fluxrelay')
  const folder = resolve(outbox.folder ?? (ofService || ofUser))
  return join(folder, `outbox-${printerOfToken(relay.token) ?? 'unknown'}`)
}
