import type { Outcome } from './outcome.ts'

/**
 * The rights that let a key look and do nothing else: those of OctoPrint's group "Read-only Access",
 * and the sight of the printer's notices. All others count as more, also those of plugins that
 * nobody here knows.
 */
const reading = new Set([
  'STATUS',
  'WEBCAM',
  'FILES_LIST',
  'FILES_DOWNLOAD',
  'GCODE_VIEWER',
  'MONITOR_TERMINAL',
  'TIMELAPSE_LIST',
  'TIMELAPSE_DOWNLOAD',
  'SETTINGS_READ',
  'PLUGIN_ACTION_COMMAND_NOTIFICATION_SHOW',
])

/** What the key may do beyond reading; the agent never does it, but a thief of the key could. */
export const excessRights = (user: Outcome): readonly string[] => {
  if (user.kind !== 'ok') return []
  const { permissions } = user.body
  if (!Array.isArray(permissions)) return []
  return permissions.filter((one): one is string => typeof one === 'string' && !reading.has(one))
}
