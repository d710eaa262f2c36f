import { answersAt, changeTimes } from './recording-player.ts'
import type { Recording } from './recording.ts'
import type { Answers, Scenario } from './scenario.ts'

/** A recording that moves only when it is told to, so that a test waits for no clock. */
export interface RecordingStepper extends Scenario {
  /** Where the recording stands, in its own ms. */
  readonly positionMs: number
  /** Goes to the next moment at which an answer changes; false when there is none left. */
  next(): boolean
  /** Goes to a moment of the recording, also back. */
  goTo(ms: number): void
  /** The answers that are served now. */
  current(): Answers
}

/** Replays a recording change by change; real time means nothing to it. */
export const stepRecording = (recording: Recording): RecordingStepper => {
  const changes = changeTimes(recording)
  let positionMs = 0
  const current = () => answersAt(recording, positionMs)
  return {
    octoprint: recording.octoprint,
    get positionMs() {
      return positionMs
    },
    at: current,
    current,
    goTo: (ms) => {
      positionMs = ms
    },
    next: () => {
      const change = changes.find((t) => t > positionMs)
      positionMs = change ?? recording.durationMs
      return change !== undefined
    },
  }
}
