import type { AuditEntry } from '../../protocol/rest-audit.ts'
import type { InvitedAccount } from '../../protocol/rest-invitations.ts'
import type { Role } from '../../protocol/rest.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { View } from '../../protocol/view.ts'

export const roleWords: Record<Role, { text: string; means: string }> = {
  owner: {
    text: 'Owner',
    means: 'An owner watches all printers of the site, adds others, invites people and shares.',
  },
  viewer: { text: 'Viewer', means: 'A viewer watches all printers of the site.' },
}

/** What the guests of a share link see. */
export const viewWords: Record<View, { text: string; shows: string }> = {
  basic: {
    text: 'Basic',
    shows: 'State, progress, times and temperatures. No names of files, no folders, no users.',
  },
  full: {
    text: 'Full',
    shows: 'All that you see of the printer: also names of files, their folders, and who printed.',
  },
}

const hour = timeOuts.shareShortest
const day = 24 * hour

/** How long a share link can live, ms; what is beyond 90 days is for displays. */
const lifetimes: readonly (readonly [number, string])[] = [
  [hour, '1 hour'],
  [8 * hour, '8 hours'],
  [day, '1 day'],
  [7 * day, '7 days'],
  [30 * day, '30 days'],
  [timeOuts.shareLongest, '90 days'],
  [180 * day, '6 months'],
  [timeOuts.displayLongest, '1 year'],
]

export const lifetimesFor = (display: boolean): readonly (readonly [number, string])[] =>
  lifetimes.filter(([ms]) => display || ms <= timeOuts.shareLongest)

/** What became of an invited person's account, and what is left to do. */
export const accountWords: Record<InvitedAccount['state'], string> = {
  made: 'An account was made for this address. The link to its first password works once:',
  known: 'This address has an account here already; signing in with it is enough.',
  elsewhere: 'They sign in with the account that they have at your sign-in service.',
}

/** What was done; whom or what it was about, and who did it, stand beside it. */
export const auditWords: Record<AuditEntry['action'], string> = {
  site_made: 'Site made',
  site_renamed: 'Site renamed',
  printer_code: 'Pairing code asked for',
  printer_paired: 'Printer paired',
  printer_renamed: 'Printer renamed',
  printer_removed: 'Printer removed',
  token_added: 'New agent token',
  token_revoked: 'Agent token revoked',
  person_invited: 'Invited',
  invitation_withdrawn: 'Invitation withdrawn',
  person_joined: 'Joined',
  role_changed: 'Role changed',
  person_removed: 'Removed',
  person_left: 'Left',
  share_made: 'Share link made',
  share_revoked: 'Share link withdrawn',
}

/** A person as they are called, or else by the end of what only the machine knows them as. */
export const personName = (name: string | undefined, who: string): string =>
  name ?? `Somebody (…${who.slice(-6)})`
