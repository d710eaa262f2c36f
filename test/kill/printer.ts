import { manualScenario } from '../../local/octoprint/manual-scenario.ts'
import { flagsOf, type PrinterStateText } from '../../local/octoprint/state-flags.ts'
import { syntheticPrint } from '../../local/octoprint/synthetic-print.ts'
import { createVirtualOctoPrint } from '../../local/octoprint/virtual-octoprint.ts'

/** What OctoPrint shows: of the file, how far it is (%), and its times in seconds. */
export interface Shown {
  readonly state: PrinterStateText
  readonly file: string | null
  readonly completion: number | null
  readonly printTime: number | null
  readonly printTimeLeft: number | null
  readonly lastPrintTime: number | null
}

export const nothingLoaded: Shown = {
  state: 'Operational',
  file: null,
  completion: null,
  printTime: null,
  printTimeLeft: null,
  lastPrintTime: null,
}

/** A virtual OctoPrint that shows what it is told. */
export const kept = async () => {
  const initial = syntheticPrint({ seed: 1 }).at(60_000)
  const scenario = manualScenario({ initial, now: () => performance.now() })
  const octoPrint = createVirtualOctoPrint({ scenario })
  await octoPrint.listen()
  const { temperature } = initial['/api/printer'].body as { temperature: object }
  const show = (shown: Shown): void => {
    const { state } = shown
    scenario.set('/api/printer', {
      ...{ sd: { ready: true }, temperature },
      state: { error: '', flags: flagsOf(state), text: state },
    })
    scenario.set('/api/job', jobBody(shown))
  }
  show(nothingLoaded)
  return { octoPrint, show }
}

const jobBody = ({ state, file, lastPrintTime, ...progress }: Shown) => ({
  job: {
    ...{ estimatedPrintTime: 120, averagePrintTime: lastPrintTime, lastPrintTime, user: 'kill' },
    file: {
      name: file,
      display: file,
      path: file,
      origin: 'local',
      size: 1000,
      date: 1_700_000_000,
    },
    filament: { tool0: { length: 100, volume: 0.24 } },
  },
  progress: { ...progress, filepos: 500, printTimeLeftOrigin: 'estimate' },
  state,
})
