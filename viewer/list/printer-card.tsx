import type { PrinterSight } from '../../client/view.ts'
import { BadgePill } from '../parts/badge-pill.tsx'
import { degrees, duration, percent } from '../parts/format.ts'
import { heatersOf } from '../printer/heaters.ts'
import { ProgressBar } from '../parts/progress-bar.tsx'
import { isStale, stateText, toneOf } from '../parts/words.ts'

interface PrinterCardProps {
  readonly printer: PrinterSight
  /** Where it leads; undefined where nobody can press it. */
  readonly href: string | undefined
}

/** A printer on the list. */
export const PrinterCard = ({ printer, href }: PrinterCardProps) => {
  const props = {
    class: `card row ${isStale(printer) ? 'stale' : ''}`,
    'data-testid': 'printer-card',
  }
  const glance = <Glance printer={printer} />
  return href === undefined ? (
    <div {...props}>{glance}</div>
  ) : (
    <a {...props} href={href}>
      {glance}
    </a>
  )
}

const Glance = ({ printer }: { readonly printer: PrinterSight }) => {
  const { completion, printTimeLeft } = printer.state?.progress ?? {}
  const job = printer.state?.job
  const temperatures = heatersOf(printer.state?.temperature ?? {})
    .flatMap(({ name, actual }) => (actual === undefined ? [] : [`${name} ${degrees(actual)} °C`]))
    .join(' · ')
  return (
    <>
      <span class="row-head">
        <strong class="name" dir="auto">
          {printer.name ?? printer.id}
        </strong>
        <BadgePill badge={printer.badge} live={false} />
      </span>
      <span class={`state tone-${toneOf(printer)}`}>
        <bdi>{stateText(printer)}</bdi>
      </span>
      {job?.name !== undefined && (
        <span class="file" dir="auto">
          {job.display ?? job.name}
        </span>
      )}
      {temperatures.length > 0 && (
        <span class="temperatures" dir="auto">
          {temperatures}
        </span>
      )}
      {completion !== undefined && (
        <>
          <ProgressBar completion={completion} />
          <span class="row-foot">
            <span>{percent(completion)}</span>
            {printTimeLeft !== undefined && <span>{duration(printTimeLeft)} left</span>}
          </span>
        </>
      )}
    </>
  )
}
