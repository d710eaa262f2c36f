interface MetricName {
  readonly kind: 'counter' | 'histogram'
  /** The one dimension it has, never a printer: each value would cost money and tell who prints. */
  readonly label: string | undefined
  readonly means: string
}

/**
 * Every number the relay reports on one machine. In the cloud its Lambdas count nothing: there
 * AWS's own metrics tell of load, and metric filters of lib/ over the logs of errors.
 */
export const metricNames = {
  fluxrelay_connections_opened_total: {
    kind: 'counter',
    label: 'kind',
    means: 'connections that were let in, by agent and viewer',
  },
  fluxrelay_connections_closed_total: {
    kind: 'counter',
    label: 'kind',
    means: 'connections whose end was told, by agent and viewer',
  },
  fluxrelay_frames_in_total: {
    kind: 'counter',
    label: 'action',
    means: 'frames from agents and viewers that fit their schema',
  },
  fluxrelay_frames_out_total: {
    kind: 'counter',
    label: 'type',
    means: 'frames posted to agents and viewers, whatever became of them',
  },
  fluxrelay_posts_total: {
    kind: 'counter',
    label: 'outcome',
    means: 'posts to connections by outcome: sent, gone, throttled, failed',
  },
  fluxrelay_fan_out_ms: {
    kind: 'histogram',
    label: undefined,
    means: 'from the arrival of an agent frame to the last post of its fan-out',
  },
  fluxrelay_publishes_total: {
    kind: 'counter',
    label: 'result',
    means: 'state frames by what became of them: stored, resync, dropped, redial, superseded',
  },
  fluxrelay_events_total: {
    kind: 'counter',
    label: 'result',
    means: 'events by what became of them: appended, known, gap',
  },
  fluxrelay_errors_total: {
    kind: 'counter',
    label: 'code',
    means: 'errors told to clients, by code',
  },
  fluxrelay_damaged_items_total: {
    kind: 'counter',
    label: undefined,
    means: 'stored items that did not fit their schema',
  },
  fluxrelay_silent_agents_total: {
    kind: 'counter',
    label: undefined,
    means: 'agents that the watchdog found silent',
  },
} as const satisfies Record<string, MetricName>

export type MetricNameOf = keyof typeof metricNames
