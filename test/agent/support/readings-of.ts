import type { Answer, Answers } from '../../../local/octoprint/scenario.ts'
import { noReadings, type Readings } from '../../../agent/mapping/readings.ts'

type Body = Readonly<Record<string, unknown>>
const bodyOf = ({ status, body }: Answer) => (status === 200 ? (body as Body) : undefined)

/** What an agent knows that was answered so, all being well. */
export const readingsOf = (answers: Answers, version: string): Readings => ({
  ...noReadings,
  health: { state: 'ok', detail: undefined },
  printer:
    answers['/api/printer'].status === 409 ? 'not_operational' : bodyOf(answers['/api/printer']),
  job: bodyOf(answers['/api/job']),
  connection: bodyOf(answers['/api/connection']),
  version: { server: version },
})
