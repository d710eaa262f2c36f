import type { PrinterSight } from '../../client/view.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { badgeWords, octoPrintWords, printerWords } from '../parts/words.ts'

interface ConnectionCardProps {
  readonly printer: PrinterSight
  readonly state: PrinterState
}

/** Each link of the way, from the page to the printer, in words. */
export const ConnectionCard = ({ printer, state }: ConnectionCardProps) => {
  const { octoprint, version, printer: link, profile, port, detail } = state.connection
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['This page', badgeWords[printer.badge].means],
    ['Agent', printer.online ? 'Connected' : 'Not connected'],
    ['OctoPrint', octoprint && octoPrintWords[octoprint].text],
    ['Printer', link && printerWords[link]],
    ['Port', port],
    ['Profile', profile],
    ['Version', version && `OctoPrint ${version}`],
    ['Detail', detail],
  ]
  return (
    <section class="card" aria-label="Connection" data-testid="connection">
      <h2>Connection</h2>
      <dl class="rows">
        {rows.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  )
}
