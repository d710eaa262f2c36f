import type { Clock } from '../clock.ts'
import type { Fetch } from '../octoprint/reader.ts'
import type { Terminal } from '../terminal.ts'
import type { Dial } from '../uplink/dial.ts'
import type { SettingsFiles } from './settings-files.ts'

/** What pairing needs of the world. */
export interface PairPorts {
  readonly clock: Clock
  readonly fetch: Fetch
  /** Opens the relay's socket as the agent will. */
  readonly dial: (relay: { readonly url: string; readonly token: string }) => Dial
  readonly terminal: Terminal
  readonly files: SettingsFiles
  /** Ends it: Ctrl-C. */
  readonly signal: AbortSignal
}
