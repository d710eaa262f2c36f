import { randomBytes } from 'node:crypto'
import type { Scenario } from '../octoprint/scenario.ts'
import { syntheticPrint } from '../octoprint/synthetic-print.ts'
import { createVirtualOctoPrint } from '../octoprint/virtual-octoprint.ts'
import type { Options } from './options.ts'

export interface PrinterSource {
  readonly name: string
  readonly url: string
  readonly apiKey: string
  close(): Promise<void>
}

/** The OctoPrint to watch: a real one, or the virtual one on loopback, which prints for ever. */
export const printerSource = async (
  octoPrint: Options['octoPrint'],
  scenario: Scenario | undefined,
): Promise<PrinterSource> => {
  if (octoPrint)
    return { name: new URL(octoPrint.url).hostname, ...octoPrint, close: async () => undefined }
  const seed = randomBytes(4).readUInt32BE()
  const virtual = createVirtualOctoPrint({ scenario: scenario ?? syntheticPrint({ seed }) })
  await virtual.listen()
  return {
    name: 'Virtual printer',
    url: virtual.url,
    apiKey: virtual.key,
    close: () => virtual.close(),
  }
}
