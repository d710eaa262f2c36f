import { codeWords } from './failure-words.ts'
import type { SignName } from './sign.tsx'
import type { Badge } from '../../client/badge.ts'
import type { EndReason } from '../../client/session.ts'
import type { PrinterSight } from '../../client/view.ts'
import type { ErrorCodeName } from '../../protocol/error-codes.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'

type OctoPrintState = NonNullable<PrinterState['connection']['octoprint']>
type PrinterLink = NonNullable<PrinterState['connection']['printer']>

export const badgeWords: Record<Badge, { text: string; sign: SignName; means: string }> = {
  'real-time': { text: 'Real-Time', sign: 'dot', means: 'Live data over an open connection' },
  reconnecting: { text: 'Reconnecting', sign: 'again', means: 'Waiting for live data' },
  polling: {
    text: 'Polling Mode',
    sign: 'down',
    means: 'No live connection; asked every 5 seconds',
  },
  offline: { text: 'Offline', sign: 'ring', means: 'No new data is coming' },
}

/** How the agent's talk with OctoPrint goes, and what to do where something can be done. */
export const octoPrintWords: Record<OctoPrintState, { text: string; help: string | undefined }> = {
  starting: { text: 'Starting', help: 'The agent has just started and is asking OctoPrint.' },
  ok: { text: 'Connected', help: undefined },
  unreachable: {
    text: 'Unreachable',
    help: 'The agent cannot reach OctoPrint. Is its computer on, and the address right?',
  },
  restarting: { text: 'Restarting', help: 'OctoPrint is starting. This usually takes a minute.' },
  not_answering: { text: 'Not answering', help: 'OctoPrint is there, but does not answer.' },
  key_refused: {
    text: 'Key refused',
    help: 'OctoPrint refuses the agent’s key. Make a new application key and give it to the agent.',
  },
  server_error: { text: 'Error', help: 'OctoPrint answers with an error; its log says more.' },
  odd_answer: { text: 'Not understood', help: 'Something answers, but not as OctoPrint does.' },
}

export const printerWords: Record<PrinterLink, string> = {
  connected: 'Connected',
  connecting: 'Connecting',
  offline: 'Not connected',
  error: 'Error',
}

/** The one line that says how a printer is. */
export const stateText = ({ state, neverSpoke }: PrinterSight): string => {
  if (!state) return neverSpoke ? 'Waiting for its agent' : 'Loading'
  const { octoprint, printer } = state.connection
  if (octoprint !== undefined && octoprint !== 'ok')
    return `OctoPrint: ${octoPrintWords[octoprint].text}`
  const text = state.status.text ?? flagText(state.status)
  if (text) return text
  return printer === undefined ? 'Unknown' : printerWords[printer]
}

/** Guests of the basic view get no text of OctoPrint's, which can name files: the flags say it. */
const flagText = (status: PrinterState['status']): string | undefined =>
  flagWords.find(([flag]) => status[flag] === true)?.[1]

/** What is said first goes before what is true as well. */
const flagWords = [
  ['failed', 'Error'],
  ['cancelling', 'Cancelling'],
  ['finishing', 'Finishing'],
  ['pausing', 'Pausing'],
  ['resuming', 'Resuming'],
  ['paused', 'Paused'],
  ['printing', 'Printing'],
  ['closedOrError', 'Not connected'],
  ['operational', 'Operational'],
] as const satisfies readonly (readonly [keyof PrinterState['status'], string])[]

export type Tone = 'busy' | 'good' | 'warn' | 'bad' | 'calm'

/** Colours the state; the words say the same. */
export const toneOf = ({ state, badge }: PrinterSight): Tone => {
  if (!state || badge === 'offline') return 'calm'
  const { octoprint } = state.connection
  const { status } = state
  if (status.error || status.closedOrError || octoprint === 'key_refused') return 'bad'
  if (octoprint !== undefined && octoprint !== 'ok') return 'warn'
  if (status.paused || status.pausing || status.cancelling) return 'warn'
  if (status.printing) return 'busy'
  return 'good'
}

/** Whether the data is not what is so now, and must look and read like it. */
export const isStale = ({ badge, state }: PrinterSight): boolean =>
  badge === 'offline' || badge === 'reconnecting' || octoPrintFails(state)

/** The agent speaks, but all that it has of the printer is what it last read. */
const octoPrintFails = (state: PrinterState | undefined): boolean => {
  const octoprint = state?.connection.octoprint
  return octoprint !== undefined && octoprint !== 'ok'
}

/** What to tell of a printer that the relay refuses to show. */
export const refusedWords = (why: ErrorCodeName): { title: string; text: string } => {
  if (why === 'not_found')
    return {
      title: 'No such printer',
      text: 'It does not exist, or you have no right to see it. Ask its owner to let you see it.',
    }
  if (why === 'not_admitted')
    return {
      title: 'You are not let in yet',
      text: 'You are signed in, but nobody has given you the right to see printers here. Ask the owner to invite your e-mail address.',
    }
  return { title: 'This printer cannot be shown', text: codeWords[why] }
}

/** What to tell when the session ended for good. */
export const endWords = (why: EndReason): { title: string; text: string; signIn: boolean } => {
  if (why === 'sign_in_required' || why === 'session_expired' || why === 'unauthenticated')
    return { title: 'Please sign in again', text: 'Your sign-in ran out.', signIn: true }
  if (why === 'signed_out')
    return {
      title: 'You signed out everywhere',
      text: 'So this page stopped showing printers too. Sign in again to go on.',
      signIn: true,
    }
  if (why === 'not_admitted') return { ...refusedWords(why), signIn: true }
  if (why === 'access_revoked')
    return {
      title: 'Your access was withdrawn',
      text: 'An owner ended your right to watch. If that is a mistake, ask to be invited again.',
      signIn: false,
    }
  if (why === 'origin_refused')
    return {
      title: 'This address is not allowed',
      text: 'The relay does not accept viewers from this address. Its operator can add it.',
      signIn: false,
    }
  return {
    title: 'The connection ended',
    text: `The relay ended it (${why}). Reload the page to try again.`,
    signIn: false,
  }
}
