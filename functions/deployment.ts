import { subprotocol } from '../protocol/version.ts'
import { timeOuts } from '../protocol/time-outs.ts'

/** What whoever deploys the entries must know of the time they count on, in ms. */
export const deployment = {
  /** Ends a run; below the life of a pending subscription (design §6). */
  handlerMs: timeOuts.handler,
  /** How often the watchdog is called. */
  watchdogEveryMs: timeOuts.watchdog,
  /** What the watchdog logs, and an alarm waits for. */
  silentWhilePrinting: 'an agent fell silent while printing',
  /** The WebSocket subprotocol that the entries speak. */
  subprotocol,
} as const
