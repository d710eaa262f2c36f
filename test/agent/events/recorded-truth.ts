import type { EventBody } from '../../../protocol/printer-event.ts'
import type { Recording } from '../../../local/octoprint/recording.ts'

/** A body without what the printer measured: what happened, and to which job. */
export type Told = Readonly<{ type: EventBody['type']; reason?: string; name?: string }>

export const toldOf = (body: EventBody): Told => ({
  type: body.type,
  ...('reason' in body && { reason: body.reason }),
  ...('name' in body && { name: body.name }),
})

const jobEvents: Readonly<Record<string, EventBody['type']>> = {
  PrintStarted: 'job_started',
  PrintDone: 'job_complete',
  PrintFailed: 'job_failed',
  PrintPaused: 'job_paused',
  PrintResumed: 'job_resumed',
}

/**
 * What OctoPrint itself pushed, in our terms. It pushes `Disconnected` also when an attempt to
 * connect is given up; a printer that was not connected cannot be disconnected, so we don't.
 */
export const truthOf = (recording: Recording, connectedAtFirst: boolean): Told[] => {
  let connected = connectedAtFirst
  return recording.events.flatMap(({ type, payload }): Told[] => {
    const { name, reason } = (payload ?? {}) as { name?: string; reason?: string }
    const job = jobEvents[type]
    if (job) return [{ type: job, ...(reason !== undefined && { reason }), name: name ?? '' }]
    if (type !== 'Connected' && type !== 'Disconnected') return []
    const before = connected
    connected = type === 'Connected'
    if (connected === before) return []
    return [{ type: connected ? 'printer_connected' : 'printer_disconnected' }]
  })
}
