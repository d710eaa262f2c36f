import { manualScenario } from '../local/octoprint/manual-scenario.ts'
import type { Answers, Scenario } from '../local/octoprint/scenario.ts'
import { syntheticPrint } from '../local/octoprint/synthetic-print.ts'
import type { PrinterState } from '../protocol/printer-state.ts'
import { sharedNow } from './bench-clock.ts'

/** A print whose print time is the value that the bench changes and looks for. */
export interface MarkedJob extends Scenario {
  /** Changes the value; answers when it can be read. */
  set(value: number): number
}

/** In the middle of a print, where every section has its fields. */
const midPrintMs = 15 * 60_000

/** The value that a state shows; OctoPrint counts print time in s, we in ms. */
export const markedValue = (state: PrinterState | undefined): number | undefined =>
  state?.progress.printTime === undefined ? undefined : state.progress.printTime / 1000

/** Tells `answered` the moment at which `/api/job` is first answered with each new value. */
export const markedJob = (answered: (value: number, at: number) => void): MarkedJob => {
  const manual = manualScenario({ initial: syntheticPrint().at(midPrintMs), now: sharedNow })
  let present = 0
  let told = 0
  const tell = () => {
    if (told === present) return
    told = present
    answered(present, sharedNow())
  }
  const observed = (answers: Answers): Answers => ({
    ...answers,
    // The virtual OctoPrint takes out what it was asked for, at the moment when it answers.
    get '/api/job'() {
      tell()
      return answers['/api/job']
    },
  })
  return {
    octoprint: manual.octoprint,
    at: (ms) => observed(manual.at(ms)),
    set: (value) => {
      present = value
      return manual.update('/api/job', ({ status, body }) => ({
        status,
        body: withPrintTime(body, value),
      }))
    },
  }
}

const withPrintTime = (body: unknown, printTime: number): object => {
  const job = body as { readonly progress: object }
  return { ...job, progress: { ...job.progress, printTime } }
}
