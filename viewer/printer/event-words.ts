import type { EventBody } from '../../protocol/printer-event.ts'
import type { PrintRecord } from '../../protocol/rest-prints.ts'
import type { Tone } from '../parts/words.ts'
import { duration } from '../parts/format.ts'

type Reason = NonNullable<PrintRecord['reason']>

/** Why a print ended early, as the end of a sentence. */
export const reasonWords: Record<Reason, string> = {
  cancelled: 'cancelled',
  error: 'the printer reported an error',
  printer_lost: 'the printer was lost',
  octoprint_lost: 'OctoPrint was lost',
}

export interface EventWords {
  readonly text: string
  /** The file's name, or what the printer said: anybody's words, shown as they are. */
  readonly detail: string | undefined
  readonly tone: Tone
}

const told = (tone: Tone, text: string, detail?: string): EventWords => ({ text, detail, tone })

/** An event in plain English. */
export const eventWords = (body: EventBody, locale?: string): EventWords => {
  switch (body.type) {
    case 'job_started':
      return told('busy', 'Print started', body.name)
    case 'job_complete':
      return told('good', `Print finished${after(body.printTime, locale)}`, body.name)
    case 'job_failed':
      return body.reason === 'cancelled'
        ? told('warn', `Print cancelled${after(body.printTime, locale)}`, body.name)
        : told(
            'bad',
            `Print failed${after(body.printTime, locale)}: ${reasonWords[body.reason]}`,
            body.name,
          )
    case 'job_paused':
      return told('warn', 'Print paused', body.name)
    case 'job_resumed':
      return told('busy', 'Print resumed', body.name)
    case 'printer_error':
      return told('bad', 'The printer reported an error', body.message)
    case 'printer_connected':
      return told('good', 'Printer connected')
    case 'printer_disconnected':
      return told('warn', 'Printer disconnected')
    case 'agent_silent':
      return body.printing
        ? told('bad', 'The agent fell silent during a print')
        : told('warn', 'The agent fell silent')
    case 'events_lost':
      return told(
        'warn',
        body.count === 1
          ? '1 event could not be kept and is missing here'
          : `${body.count} events could not be kept and are missing here`,
      )
    default:
      return body satisfies never
  }
}

const after = (ms: number | undefined, locale: string | undefined): string =>
  ms === undefined ? '' : ` after ${duration(ms, locale)}`

/** How a print went, in a word or two. */
export const outcomeWords = ({ outcome, reason }: PrintRecord): { text: string; tone: Tone } => {
  switch (outcome) {
    case 'running':
      return { text: 'Printing', tone: 'busy' }
    case 'complete':
      return { text: 'Finished', tone: 'good' }
    case 'failed':
      return reason === 'cancelled'
        ? { text: 'Cancelled', tone: 'warn' }
        : { text: 'Failed', tone: 'bad' }
    case 'unknown':
      return { text: 'End not known', tone: 'calm' }
    default:
      return outcome satisfies never
  }
}
