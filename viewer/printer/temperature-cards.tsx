import type { PrinterState } from '../../protocol/printer-state.ts'
import { degrees } from '../parts/format.ts'
import { heatersOf, type Heater } from './heaters.ts'
import { samplesKept, sparkline, type Sample, type Samples } from './samples.ts'

interface TemperatureCardsProps {
  readonly temperature: PrinterState['temperature']
  readonly samples: Samples
}

export const TemperatureCards = ({ temperature, samples }: TemperatureCardsProps) => {
  const heaters = heatersOf(temperature)
  return (
    <section class="card" aria-label="Temperatures">
      <h2>Temperatures in the last {samplesKept / 60_000} minutes</h2>
      {heaters.length === 0 && <p class="muted">No temperatures are known.</p>}
      <div class="heaters">
        {heaters.map((heater) => (
          <HeaterRow key={heater.key} heater={heater} samples={samples[heater.key] ?? []} />
        ))}
      </div>
    </section>
  )
}

interface HeaterRowProps {
  readonly heater: Heater
  readonly samples: readonly Sample[]
}

const HeaterRow = ({ heater, samples }: HeaterRowProps) => {
  const { key, name, actual, target } = heater
  const on = target !== undefined && target > 0
  return (
    <div class={`heater ${on ? 'on' : ''}`} data-testid={`heater-${key}`}>
      <span class="heater-name" dir="auto">
        {name}
      </span>
      <span class="heater-value">
        <strong data-testid={`actual-${key}`}>
          {actual === undefined ? '–' : degrees(actual)}
        </strong>
        <span class="unit">°C</span>
      </span>
      <span class="heater-target" data-testid={`target-${key}`}>
        {on ? `target ${degrees(target)} °C` : target === undefined ? '' : 'off'}
      </span>
      <svg class="spark" viewBox="0 0 120 36" preserveAspectRatio="none" aria-hidden="true">
        <path d={sparkline(samples, 120, 36)} />
      </svg>
    </div>
  )
}
