import { isDeepStrictEqual } from 'node:util'
import type { Recording } from './recording.ts'
import {
  looped,
  sped,
  type Answer,
  type Answers,
  type ReadPath,
  type Scenario,
} from './scenario.ts'

export type PlayerOptions = {
  /** Recorded milliseconds that pass in one real one; 1 unless given. */
  readonly speed?: number
  /** Start again at the end instead of keeping the last answers. */
  readonly loop?: boolean
}

/** How long the last answers stay before a loop begins again, in recorded ms. */
const restBeforeLoopMs = 5000

/** Replays a recording: at each moment, the newest recorded answer of each path. */
export const playRecording = (recording: Recording, options: PlayerOptions = {}): Scenario => {
  const { speed = 1, loop = false } = options
  const once: Scenario = {
    octoprint: recording.octoprint,
    at: (ms) => answersAt(recording, ms),
  }
  const played = loop ? looped(once, recording.durationMs + restBeforeLoopMs) : once
  return speed === 1 ? played : sped(played, speed)
}

/**
 * What OctoPrint answers `ms` after the recording's start. A path that had not been asked by then
 * gives its first answer: OctoPrint was in that state, nobody had looked.
 */
export const answersAt = (recording: Recording, ms: number): Answers => ({
  '/api/printer': answerAt(recording, '/api/printer', ms),
  '/api/job': answerAt(recording, '/api/job', ms),
  '/api/connection': answerAt(recording, '/api/connection', ms),
})

/** The answers that stand when the recording is over. */
export const lastAnswers = (recording: Recording): Answers =>
  answersAt(recording, recording.durationMs)

/** The times (ms, rising) at which an answer differs from the one before it on its path. */
export const changeTimes = (recording: Recording): number[] => {
  const newest = new Map<ReadPath, Answer>()
  const times = new Set<number>()
  for (const answer of recording.answers) {
    const before = newest.get(answer.path)
    newest.set(answer.path, bare(answer))
    if (before !== undefined && !isDeepStrictEqual(before, bare(answer))) times.add(answer.t)
  }
  return [...times]
}

const answerAt = (recording: Recording, path: ReadPath, ms: number): Answer => {
  const asked = recording.answers.findLast((answer) => answer.path === path && answer.t <= ms)
  const answer = asked ?? recording.answers.find((later) => later.path === path)
  return answer === undefined ? { status: 404, body: { error: 'Not found' } } : bare(answer)
}

const bare = ({ status, body }: Answer): Answer => ({ status, body })
