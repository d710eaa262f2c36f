/** What the screen says in numbers. Pure: the locale and the time come as parameters. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const unit = (locale: string | undefined, value: number, name: string): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(value)

/** A duration (ms) as a person says it: `2h 05m` becomes "2h 5m", below a minute seconds. */
export const duration = (ms: number, locale?: string): string => {
  const whole = Math.max(0, ms)
  if (whole < minute) return unit(locale, Math.floor(whole / 1000), 'second')
  const hours = Math.floor(whole / hour)
  const minutes = Math.floor((whole % hour) / minute)
  if (hours === 0) return unit(locale, minutes, 'minute')
  return `${unit(locale, hours, 'hour')} ${unit(locale, minutes, 'minute')}`
}

/** The moment (ms since 1970) at which a job ends, with the day where that is not today. */
export const finishingTime = (at: number, now: number, locale?: string, timeZone?: string) => {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone })
  const sameDay = day.format(at) === day.format(now)
  return new Intl.DateTimeFormat(locale, {
    hour: 'numeric',
    minute: '2-digit',
    weekday: sameDay ? undefined : 'short',
    timeZone,
  }).format(at)
}

/** 0 to 100, one decimal only where it says something. */
export const percent = (completion: number, locale?: string): string =>
  new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: completion > 0 && completion < 100 ? 1 : 0,
  }).format(completion / 100)

/** °C with one decimal, so that the numeral does not jump. */
export const degrees = (celsius: number, locale?: string): string =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    celsius,
  )

/** A length of filament (mm). */
export const metres = (mm: number, locale?: string): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: 'meter', maximumFractionDigits: 1 }).format(
    mm / 1000,
  )

/** A moment (ms since 1970) in full, for whoever wants to know exactly. */
export const moment = (at: number, locale?: string, timeZone?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone }).format(at)

/** How old data is (ms). */
export const age = (ms: number, locale?: string): string =>
  ms < 2_000 ? 'just now' : `${ms < 2 * day ? duration(ms, locale) : days(ms, locale)} ago`

/** How long (ms) something still lives, in the largest unit that says it well. */
export const remaining = (ms: number, locale?: string): string =>
  ms < 2 * day ? duration(ms, locale) : days(ms + day / 2, locale)

/** Minutes and seconds, for what is watched while it runs out (ms). */
export const countdown = (ms: number): string => {
  const seconds = Math.ceil(Math.max(0, ms) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const days = (ms: number, locale: string | undefined): string =>
  unit(locale, Math.floor(ms / day), 'day')
