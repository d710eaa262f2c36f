import type { ClosingReasonName } from '../protocol/closing-reasons.ts'
import type { ErrorCodeName } from '../protocol/error-codes.ts'
import type { ErrorFrame } from '../protocol/error-frame.ts'
import type { PrinterId } from '../protocol/ids.ts'
import type { RelayToViewer } from '../protocol/relay-to-viewer.ts'
import { openConnection } from './connection.ts'
import type { ClientDeps } from './deps.ts'
import { createHeartbeat, type Heartbeat } from './heartbeat.ts'
import { keepRaised } from './raise.ts'
import { keepRenewed, type Renewal } from './renewal.ts'
import type { BoughtTicket, Rest } from './rest.ts'
import { createSubscriptions } from './subscriptions.ts'

/** What a link asks of the client that holds it. */
export interface LinkDeps extends Pick<ClientDeps, 'clock' | 'openSocket' | 'config'> {
  readonly rest: Rest
  readonly wanted: () => readonly PrinterId[]
  /** Whether a delta waits for a keyframe that is not known. */
  readonly isWaiting: (id: PrinterId) => boolean
  /** Whether the agent is there, but does not send as one that is watched. */
  readonly isAsleep: (id: PrinterId) => boolean
  /** The last event shown of a printer. */
  readonly cursor: (id: PrinterId) => number | undefined
  /** How long (ms) silence is expected to last at most; undefined: for ever. */
  readonly expectedSilence: () => number | undefined
  readonly relayNow: () => number
}

export interface LinkEvents {
  opened(): void
  /** Before the link reacts to it itself. */
  frame(frame: RelayToViewer): void
  unreadable(): void
  /** A printer cannot be watched. */
  refused(id: PrinterId, code: ErrorCodeName): void
  /** All that is wanted is subscribed to. */
  ready(): void
  /** The last word, unless the link was ended from here: it is gone, and perhaps why. */
  gone(reason: ClosingReasonName | undefined): void
}

/** One living connection: its subscriptions, its lease, its sign-in. */
export interface Link {
  /** What is wanted has changed. */
  reconcile(): void
  /** There is reason to doubt that it lives. */
  doubt(): void
  end(): void
}

export const openLink = (deps: LinkDeps, bought: BoughtTicket, events: LinkEvents): Link => {
  const { clock } = deps
  let heartbeat: Heartbeat | undefined
  let renewal: Renewal | undefined
  let stopRaising = () => {}

  const stop = () => {
    heartbeat?.stop()
    renewal?.stop()
    stopRaising()
    subscriptions.stop()
  }
  const connection = openConnection(deps, bought.ticket, {
    opened: () => {
      events.opened()
      heartbeat = createHeartbeat({
        clock,
        expected: deps.expectedSilence,
        ping: () => connection.send({ action: 'ping', subs: subscriptions.named() }),
        dead: () => connection.giveUp(),
      })
      renewal = keepRenewed({ ...deps, send: (frame) => connection.send(frame) }, bought.token)
      stopRaising = keepRaised({
        clock,
        ids: () => Object.keys(subscriptions.named()),
        needed: deps.isAsleep,
        ask: (id) => subscriptions.askAgent(id),
      })
      reconcile()
    },
    frame: (frame) => {
      heartbeat?.heard()
      events.frame(frame)
      react(frame)
      renewal?.look()
    },
    unreadable: () => {
      heartbeat?.heard()
      events.unreadable()
      for (const id of deps.wanted()) subscriptions.sync(id, 'may')
    },
    lost: () => {
      stop()
      events.gone(undefined)
    },
  })
  const subscriptions = createSubscriptions({
    clock,
    send: (frame) => connection.send(frame),
    cursor: deps.cursor,
    redial: () => connection.giveUp(),
  })
  const reconcile = () => {
    subscriptions.want(deps.wanted())
    sayReady()
  }
  const sayReady = () => {
    if (subscriptions.allOn()) events.ready()
  }
  const endBecause = (reason: ClosingReasonName) => {
    stop()
    connection.end()
    events.gone(reason)
  }
  const onState = (id: PrinterId, snapshot: boolean) => {
    if (!subscriptions.has(id)) return subscriptions.unwanted(id)
    if (snapshot) subscriptions.snapshot(id)
    // A snapshot that does not help is no answer: the request keeps its own pace, or it would spin.
    if (deps.isWaiting(id)) subscriptions.sync(id, 'must')
    else subscriptions.cancelSync(id)
  }
  const onError = (frame: ErrorFrame) => {
    if (frame.code === 'unknown_connection') return connection.giveUp()
    if (frame.code === 'session_expired') return endBecause('session_expired')
    const { printerId, code } = frame
    if (subscriptions.refused(frame) && printerId !== undefined) events.refused(printerId, code)
    sayReady()
  }
  const react = (frame: RelayToViewer): void => {
    switch (frame.type) {
      case 'state':
        return onState(frame.printerId, frame.kind === 'snapshot')
      case 'subscribed':
        subscriptions.subscribed(frame)
        return sayReady()
      case 'pong':
        heartbeat?.pong()
        return subscriptions.missing(frame.missing)
      case 'renewed':
        return renewal?.renewed(frame.until)
      case 'error':
        return onError(frame)
      case 'closing':
        return endBecause(frame.reason)
      case 'event':
      case 'presence':
        return
      default:
        return frame satisfies never
    }
  }
  return {
    reconcile: () => {
      if (heartbeat) reconcile()
    },
    doubt: () => {
      heartbeat?.doubt()
      renewal?.look()
    },
    end: () => {
      stop()
      connection.end()
    },
  }
}
