import type { Answer, Answers, ReadPath, Scenario } from './scenario.ts'

/** Answers that stay until somebody sets others. */
export interface ManualScenario extends Scenario {
  /** Changes one answer at once; returns the moment of the change by the given clock, in ms. */
  set(path: ReadPath, body: unknown, status?: number): number
  /** Changes one answer by a function of the present one. */
  update(path: ReadPath, change: (present: Answer) => Answer): number
  current(): Answers
}

export type ManualOptions = {
  readonly initial: Answers
  readonly octoprint?: string
  /** The clock of the moments that are reported, in ms; a benchmark passes `performance.now`. */
  readonly now: () => number
  /** Told of each change, with the moment from which the new answer can be read. */
  readonly onSet?: (path: ReadPath, at: number) => void
}

/** A scenario set by hand, for tests of single answers and for measuring from a change on. */
export const manualScenario = (options: ManualOptions): ManualScenario => {
  let answers = options.initial
  const update: ManualScenario['update'] = (path, change) => {
    answers = { ...answers, [path]: change(answers[path]) }
    const at = options.now()
    options.onSet?.(path, at)
    return at
  }
  return {
    octoprint: options.octoprint ?? '1.11.8',
    at: () => answers,
    current: () => answers,
    set: (path, body, status = 200) => update(path, () => ({ status, body })),
    update,
  }
}
