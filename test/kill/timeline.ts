import type { EventBody, LoggedEvent } from '../../protocol/printer-event.ts'

/** Something that happened to the printer, under a name that no other happening has. */
export interface Happening {
  readonly name: string
  /** An agent wrote it down, so it must be in the log; else it may have passed unseen. */
  readonly must: boolean
}

/** Every print has a file of its own and at most one pause, so this names one event. */
export const nameOf = (body: EventBody): string => {
  const job = 'name' in body ? ` ${body.name}` : ''
  return body.type === 'job_failed' ? `${body.type} ${body.reason}${job}` : `${body.type}${job}`
}

/** What is wrong with a log, for one who knows what happened: nothing, one hopes. */
export const faultsOf = (
  log: readonly LoggedEvent[],
  happened: readonly Happening[],
  kept: ReadonlySet<string>,
): string[] => {
  const faults: string[] = []
  const names = log.map(({ body }) => nameOf(body))
  log.forEach(({ n }, index) => {
    if (n !== index + 1) faults.push(`number ${n} stands at place ${index + 1}`)
  })
  const places = new Map(happened.map(({ name }, place) => [name, place]))
  let last = -1
  const seen = new Set<string>()
  for (const name of names) {
    const place = places.get(name)
    if (seen.has(name)) faults.push(`twice: ${name}`)
    else if (place === undefined) faults.push(`never happened: ${name}`)
    else if (place < last) faults.push(`too late: ${name}`)
    seen.add(name)
    last = Math.max(last, place ?? last)
  }
  for (const { name, must } of happened)
    if (must && !seen.has(name)) faults.push(`happened and is missing: ${name}`)
  for (const name of kept) if (!seen.has(name)) faults.push(`was kept and is missing: ${name}`)
  return faults
}
