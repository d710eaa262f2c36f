import type { IncomingMessage, ServerResponse } from 'node:http'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { metricNames, type MetricNameOf } from '../../functions/metric-names.ts'
import type { Metrics } from '../../functions/relay/ports.ts'

/** Numbers that only the one-machine run can read at any moment; the cloud has its own for them. */
export interface Gauges {
  /** Open WebSocket connections. */
  readonly connections: () => number
}

/** Upper bounds (ms) of the latency histograms: fine where the one-machine target lies. */
const buckets = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000]

const names = Object.keys(metricNames) as MetricNameOf[]

/** The relay's numbers as Prometheus text, under the names the cloud uses. */
export const prometheusMetrics = (gauges: Gauges) => {
  const registry = new Registry()
  const counters = new Map<MetricNameOf, Counter>()
  const histograms = new Map<MetricNameOf, Histogram>()
  for (const name of names) {
    const { kind, label, means } = metricNames[name]
    const shape = { name, help: means, registers: [registry] }
    if (kind === 'histogram') histograms.set(name, new Histogram({ ...shape, buckets }))
    else counters.set(name, new Counter({ ...shape, labelNames: label ? [label] : [] }))
  }
  new Gauge({
    name: 'fluxrelay_connections',
    help: 'open WebSocket connections',
    registers: [registry],
    collect() {
      this.set(gauges.connections())
    },
  })
  const metrics: Metrics = {
    count: (name, n = 1, value) => {
      const { label } = metricNames[name]
      const counter = counters.get(name)
      if (label === undefined) counter?.inc(n)
      else counter?.inc({ [label]: value ?? 'other' }, n)
    },
    observe: (name, ms) => histograms.get(name)?.observe(ms),
  }
  const handle = async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await registry.metrics()
    response.writeHead(200, { 'content-type': registry.contentType }).end(text)
  }
  return { metrics, handle }
}
