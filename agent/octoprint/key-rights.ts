import type { Outcome } from './outcome.ts'

/** OctoPrint's own permissions that let a key do more than look. */
const acting = new Set([
  'ADMIN',
  'CONNECTION',
  'CONTROL',
  'FILES_DELETE',
  'FILES_SELECT',
  'FILES_UPLOAD',
  'PRINT',
  'SETTINGS',
  'SLICE',
  'SYSTEM',
  'TIMELAPSE_ADMIN',
  'TIMELAPSE_DELETE',
])

/** What the key may do beyond reading; the agent never does it, but a thief of the key could. */
export const excessRights = (user: Outcome): readonly string[] => {
  if (user.kind !== 'ok') return []
  const { permissions } = user.body
  if (!Array.isArray(permissions)) return []
  return permissions.filter((one): one is string => typeof one === 'string' && acting.has(one))
}
