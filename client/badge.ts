import { silencesBeforeOld, timeOuts } from '../protocol/time-outs.ts'

/** How a printer's data comes; the screen has a word and a sign for each. */
export type Badge = 'real-time' | 'reconnecting' | 'polling' | 'offline'

export interface BadgeFacts {
  readonly link: 'open' | 'down' | 'ended'
  /** How long (ms) it has been down. */
  readonly downFor: number
  /** How long ago (ms) REST last answered for this printer. */
  readonly polledFor: number | undefined
  /** How often (ms) REST is asked for it where the link does not serve. */
  readonly pollEvery: number
  /** Whether any state is held. */
  readonly known: boolean
  /** The relay answered the subscription, so it would have told a state if it had one. */
  readonly subscribed: boolean
  /** The present link is subscribed: what REST told says nothing of whether frames come. */
  readonly served: boolean
  readonly online: boolean
  /** Of the held state, ms. */
  readonly age: number | undefined
  /** The silence that the agent declared, ms. */
  readonly interval: number | undefined
}

/** REST counts as working for so many polls' time: two may be missed. */
const pollsGood = 3
/** A link that is down for so long (ms) and not replaced by REST is no passing matter. */
const downTooLong = 20_000
/** For frames on their way, ms. */
const grace = 1_000

/** What is true at this moment; the screen shows it by `settleBadge`. */
export const badgeOf = (facts: BadgeFacts): Badge => {
  const { link, downFor, polledFor, pollEvery, online } = facts
  if (link === 'ended') return 'offline'
  if (link === 'open') return badgeOfOpen(facts)
  if (polledFor !== undefined && polledFor <= pollsGood * pollEvery)
    return online ? 'polling' : 'offline'
  return downFor < downTooLong ? 'reconnecting' : 'offline'
}

const badgeOfOpen = (facts: BadgeFacts): Badge => {
  const { known, subscribed, served, online, age, interval } = facts
  if (!known) return subscribed ? 'offline' : 'reconnecting'
  if (!online) return 'offline'
  return served && isFresh(age, interval) ? 'real-time' : 'reconnecting'
}

/**
 * Old after twice the declared silence (design §3.4), of which an idle agent declares minutes: but
 * whoever looks has raised it, so the watched silence is the measure.
 */
export const isFresh = (age: number | undefined, interval: number | undefined): boolean =>
  age !== undefined &&
  interval !== undefined &&
  age <= silencesBeforeOld * Math.min(interval, timeOuts.silenceWatched) + grace

/** What is shown, and what is about to be. Times are monotonic ms. */
export interface SettledBadge {
  readonly shown: Badge
  /** The last true value, since when, and since when the truth differs from what is shown. */
  readonly candidate: Badge
  readonly candidateSince: number
  readonly differsSince: number | undefined
}

/** A change is not shown before (ms) … */
const notBefore = 1_000
/** … and, however it flickers, shown by then: within the promised 3 s, with some in hand. */
const notAfter = 2_500

/** Shows `first` at once. */
export const firstBadge = (first: Badge, now: number): SettledBadge => ({
  shown: first,
  candidate: first,
  candidateSince: now,
  differsSince: undefined,
})

/** Takes the truth of this moment in. Pure: call it at each change and again at `settlesAt`. */
export const settleBadge = (badge: SettledBadge, truth: Badge, now: number): SettledBadge => {
  if (truth === badge.shown) return firstBadge(truth, now)
  const candidateSince = truth === badge.candidate ? badge.candidateSince : now
  const differsSince = badge.differsSince ?? now
  const next = { ...badge, candidate: truth, candidateSince, differsSince }
  return now >= (settlesAt(next) ?? Infinity) ? firstBadge(truth, now) : next
}

/** When the candidate will be shown if nothing changes. */
export const settlesAt = ({ candidateSince, differsSince }: SettledBadge): number | undefined =>
  differsSince === undefined
    ? undefined
    : Math.min(candidateSince + notBefore, differsSince + notAfter)
