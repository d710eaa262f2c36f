import { metricNames } from '../../functions/metric-names.ts'
import { earlierSource } from './earlier-prints.ts'
import type { SoakWorld } from './soak-world.ts'

/** A sum that must agree: what the relay counted, and what was counted outside it. */
export interface Account {
  readonly name: string
  readonly counted: number
  readonly expected: number
  readonly because: string
  /** `at most`: an upper bound is all that can be said. */
  readonly kind: 'equal' | 'at most'
}

export const holds = ({ kind, counted, expected }: Account): boolean =>
  kind === 'equal' ? counted === expected : counted <= expected

const agentActions = ['hello', 'publish'] as const
const viewerActions = ['subscribe', 'unsubscribe', 'sync', 'renew', 'ping'] as const
const outcomes = ['sent', 'gone', 'throttled', 'failed'] as const

/** Errors that an ordinary day explains; any other code is a fault. */
const explainedErrors = {
  session_expired: 'a sign-in ended before its renewal came',
  unknown_connection: 'a frame came after its connection had ended',
  unauthenticated: 'a ticket was used too late',
} as const

/** All sums, to be closed when nothing is under way any more. */
export const accountsOf = (world: SoakWorld): readonly Account[] => {
  const { tally, invocations, faults, directory, gateway } = world
  const labelled = (name: keyof typeof metricNames, label: string) =>
    invocations.counted.get(`${name}{${label}}`) ?? 0
  const total = (name: keyof typeof metricNames) => {
    let sum = invocations.counted.get(name) ?? 0
    for (const [key, count] of invocations.counted) if (key.startsWith(`${name}{`)) sum += count
    return sum
  }
  const equal = (name: string, counted: number, expected: number, because: string): Account => ({
    ...{ name, counted, expected, because },
    kind: 'equal',
  })
  const atMost = (name: string, counted: number, expected: number, because: string): Account => ({
    ...{ name, counted, expected, because },
    kind: 'at most',
  })
  const published = (label: string) => labelled('fluxrelay_publishes_total', label)
  const events = directory
    .items()
    .filter(({ pk, src }) => pk.startsWith('E#') && src !== earlierSource)
  const silences = events.filter(({ src }) => src === 'relay').length
  const frames = total('fluxrelay_frames_out_total')
  const posts = total('fluxrelay_posts_total')
  const gone = labelled('fluxrelay_posts_total', 'gone')
  const errors = total('fluxrelay_errors_total')
  const [redial, superseded] = [published('redial'), published('superseded')]
  const answered = published('stored') + published('resync') + published('dropped')
  const explained = Object.keys(explainedErrors).reduce(
    (sum, code) => sum + labelled('fluxrelay_errors_total', code),
    0,
  )
  return [
    equal(
      'connections_opened',
      total('fluxrelay_connections_opened_total'),
      tally.of('done $connect'),
      '$connect handlers that ran to their end',
    ),
    equal(
      'connections_closed',
      total('fluxrelay_connections_closed_total'),
      tally.of('done $disconnect'),
      '$disconnect handlers that ran to their end',
    ),
    equal(
      'opened − closed',
      total('fluxrelay_connections_opened_total') - total('fluxrelay_connections_closed_total'),
      gateway.connections.size + (faults.happened.get('disconnect lost') ?? 0),
      'connections still held, and $disconnects lost by a fault',
    ),
    ...[...agentActions, ...viewerActions].map((action) =>
      equal(
        `frames_in{${action}}`,
        labelled('fluxrelay_frames_in_total', action),
        tally.of(`done ${action}`),
        'handlers of this route that ran to their end: no frame was refused by its schema',
      ),
    ),
    equal(
      'handlers cut short',
      tally.all('late ') + tally.all('killed '),
      0,
      'no handler outlasts its 8 s when nothing is slow',
    ),
    ...outcomes.map((outcome) =>
      equal(
        `posts{${outcome}}`,
        labelled('fluxrelay_posts_total', outcome),
        tally.of(`post ${outcome}`),
        'answers of the gateway to posts',
      ),
    ),
    equal(
      'posts{throttled}, again',
      labelled('fluxrelay_posts_total', 'throttled'),
      faults.happened.get('post throttled') ?? 0,
      'the 429s that the faults gave',
    ),
    equal('posts{failed}, again', labelled('fluxrelay_posts_total', 'failed'), 0, 'none was given'),
    equal(
      'posts{sent}, again',
      labelled('fluxrelay_posts_total', 'sent'),
      tally.of('taken for agent') + tally.of('taken for viewer'),
      'posts that the gateway took for delivery',
    ),
    atMost(
      'frames_out − posts',
      frames - posts,
      19 * gone,
      'frames of a fan-out that come after a 410 of the same viewer are not posted',
    ),
    atMost('posts − frames_out', posts - frames, 0, 'nothing is posted that was not counted'),
    atMost(
      'publishes stored, resync, dropped',
      answered,
      tally.of('done publish'),
      'publish frames; the rest met a newer owner',
    ),
    atMost(
      'publish frames',
      tally.of('done publish'),
      answered + redial + superseded,
      'stored + resync + dropped + redial + superseded (the last two count hellos as well)',
    ),
    equal(
      'frames_out{resync}',
      labelled('fluxrelay_frames_out_total', 'resync'),
      published('resync'),
      'publishes{resync}: each is answered',
    ),
    equal(
      'frames_out{redial}',
      labelled('fluxrelay_frames_out_total', 'redial'),
      redial,
      'publishes{redial}: each is answered',
    ),
    equal('publishes{superseded}', superseded, 0, 'no token is used twice'),
    equal(
      'events{appended}',
      labelled('fluxrelay_events_total', 'appended'),
      events.length,
      'events in the log: none expired',
    ),
    atMost(
      'events{known}',
      labelled('fluxrelay_events_total', 'known'),
      20 * tally.of('done publish'),
      'batches that were sent again, their ack or their frame being lost',
    ),
    equal(
      'events{gap}',
      labelled('fluxrelay_events_total', 'gap'),
      0,
      'an outbox sends in order, one batch at a time',
    ),
    equal(
      'silent_agents',
      total('fluxrelay_silent_agents_total'),
      silences,
      'events agent_silent in the log',
    ),
    equal('damaged_items', total('fluxrelay_damaged_items_total'), 0, 'nothing damages an item'),
    equal(
      'errors',
      errors,
      labelled('fluxrelay_frames_out_total', 'error') +
        tally.all('http 4') +
        tally.all('http 5') +
        tally.of('threw authorize'),
      'error frames, HTTP answers from 400 on, handshakes refused',
    ),
    equal('errors by code', errors, explained, JSON.stringify(explainedErrors)),
  ]
}

/** Every counter that the relay has, with what it says and what it came to. */
export const countersOf = ({ invocations }: SoakWorld): readonly string[] =>
  Object.entries(metricNames).flatMap(([name, { kind, means }]) => {
    const lines = [...invocations.counted]
      .filter(([key]) => key === name || key.startsWith(`${name}{`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => `  ${key.slice(name.length) || '(all)'} ${count}`)
    return kind === 'counter' ? [`${name}: ${means}`, ...(lines.length ? lines : ['  0'])] : []
  })

/** Counted names that no one listed: none may be. */
export const unknownCounters = ({ invocations }: SoakWorld): readonly string[] =>
  [...invocations.counted.keys()].filter(
    (key) => !Object.hasOwn(metricNames, key.split('{')[0] ?? ''),
  )
