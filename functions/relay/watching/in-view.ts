import { basicEvent, basicPatch, basicPrint, basicState } from '../../../protocol/basic-view.ts'
import type { LoggedEvent } from '../../../protocol/printer-event.ts'
import type { RelayToViewer } from '../../../protocol/relay-to-viewer.ts'
import type { PrintRecord } from '../../../protocol/rest-prints.ts'
import type { Snapshot } from '../../../protocol/rest.ts'
import type { View } from '../../../protocol/view.ts'

/** A stored state as a view shows it. */
export const snapshotInView = (view: View, snapshot: Snapshot): Snapshot =>
  view === 'full' ? snapshot : { ...snapshot, full: basicState(snapshot.full) }

/** An event of the log as a view shows it. */
export const eventInView = (view: View, event: LoggedEvent): LoggedEvent =>
  view === 'full' ? event : { ...event, body: basicEvent(event.body) }

/** A print's record as a view shows it. */
export const printInView = (view: View, record: PrintRecord): PrintRecord =>
  view === 'full' ? record : basicPrint(record)

/** A frame to viewers as a view shows it. */
export const frameInView = (view: View, frame: RelayToViewer): RelayToViewer => {
  if (view === 'full') return frame
  switch (frame.type) {
    case 'state':
      return frame.kind === 'delta'
        ? { ...frame, patch: basicPatch(frame.patch) }
        : { ...frame, full: basicState(frame.full) }
    case 'event':
      return { ...frame, body: basicEvent(frame.body) }
    case 'presence':
    case 'subscribed':
    case 'renewed':
    case 'pong':
    case 'error':
    case 'closing':
      return frame
    default:
      return frame satisfies never
  }
}
