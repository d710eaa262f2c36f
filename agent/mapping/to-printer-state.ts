import type { PrinterState } from '../../protocol/printer-state.ts'
import { connectionSection } from './connection-section.ts'
import { fit } from './fit.ts'
import { jobSection } from './job-section.ts'
import { progressSection } from './progress-section.ts'
import type { Readings } from './readings.ts'
import { statusSection } from './status-section.ts'
import { temperatureSection } from './temperature-section.ts'

/**
 * What the answers of OctoPrint say, in our terms. While OctoPrint fails, the last known sections
 * stay and `connection.octoprint` says so; after a 409 what was read from the printer goes.
 */
export const toPrinterState = (readings: Readings): PrinterState =>
  fit({
    connection: connectionSection(readings),
    status: statusSection(readings),
    temperature: temperatureSection(readings),
    job: jobSection(readings),
    progress: progressSection(readings),
  })
