/** The three paths whose answers tell everything about a printer. */
export const readPaths = ['/api/printer', '/api/job', '/api/connection'] as const
export type ReadPath = (typeof readPaths)[number]

/** One HTTP answer: its status and the JSON value of its body. */
export type Answer = { readonly status: number; readonly body: unknown }
export type Answers = Readonly<Record<ReadPath, Answer>>

/** Where answers come from: a function of virtual time, in ms since the scenario's start. */
export interface Scenario {
  /** The version of OctoPrint whose shapes these answers have, such as `1.11.8`. */
  readonly octoprint: string
  at(ms: number): Answers
}

/** Whether a text names one of the three paths. */
export const isReadPath = (path: string): path is ReadPath =>
  readPaths.some((known) => known === path)

/** The same scenario, `factor` times as fast. */
export const sped = (scenario: Scenario, factor: number): Scenario => ({
  octoprint: scenario.octoprint,
  at: (ms) => scenario.at(ms * factor),
})

/** The first `lengthMs` of a scenario, again and again. */
export const looped = (scenario: Scenario, lengthMs: number): Scenario => ({
  octoprint: scenario.octoprint,
  at: (ms) => scenario.at(ms % lengthMs),
})
