import { bytesOf, parseFrame } from '../../protocol/parse-frame.ts'
import { limits } from '../../protocol/limits.ts'
import { isGatewayNotice } from '../../protocol/gateway-notice.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { relayToAgent } from '../../protocol/relay-to-agent.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { CargoHold } from '../cargo-hold.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Effect, Turn } from '../publisher/effect.ts'
import { freshWait, hear } from '../publisher/hear.ts'
import { freshLine, type Attention, type Line, type Terms } from '../publisher/line.ts'
import { roused, unanswered } from '../publisher/rouse.ts'
import { tick } from '../publisher/tick.ts'
import { wakeAt } from '../publisher/wake.ts'
import { describeEnded } from './describe-ended.ts'
import type { Dial, Ended, Link } from './dial.ts'
import { afterEnd, noTries, waitAfter, type Tries } from './waits.ts'

export interface SessionDeps {
  readonly clock: Clock
  readonly random: () => number
  readonly dial: Dial
  readonly log: Log
  readonly terms: Omit<Terms, 'fresh'>
  /** The newest state. */
  readonly state: () => PrinterState
  /** Events and history that wait. */
  readonly hold: CargoHold
  /** Take a reading now, and call `sampled`. */
  readonly refresh: () => void
  /** How closely the printer is watched now; `idle` also while there is no connection. */
  readonly attend: (mode: Attention['mode']) => void
}

/** One connection: its link, and what the publisher remembers of it once it is open. */
interface Connection {
  link: Link | undefined
  line: Line | undefined
  welcomed: boolean
  cancelWake: () => void
}

/**
 * Keeps a connection to the relay: dials, says hello, lets the publisher decide what is sent, hands
 * over to a second connection before the first must end, and waits when that is wiser. It holds at
 * most one connection (`current`) and, during a hand-over, the next one.
 */
export class Session {
  readonly #deps: SessionDeps
  #current: Connection | undefined
  #next: Connection | undefined
  #tries: Tries = noTries
  #fresh = true
  #cancelDial = () => {}
  #cancelDoubt = () => {}
  #stopped: (() => void) | undefined
  #attention: Attention['mode'] = 'idle'
  /** The last trouble that was logged: the same again is only worth a debug line. */
  #trouble = ''

  constructor(deps: SessionDeps) {
    this.#deps = deps
  }

  /** Dials at once. */
  start(): void {
    this.#current = this.#dial()
  }

  /** A reading came in. */
  sampled(): void {
    for (const connection of [this.#current, this.#next])
      if (connection) this.#tick(connection, true)
  }

  /** The machine slept: what does not answer soon now is dialled anew. */
  woke(): void {
    const { clock } = this.#deps
    const at = clock.monotonic()
    const doubted = this.#current
    if (!doubted?.line) return
    this.#take(doubted, roused(doubted.line, at))
    if (!this.#lives(doubted)) return
    this.#tick(doubted, false)
    this.#cancelDoubt()
    this.#cancelDoubt = clock.after(freshWait + timeOuts.pong, () => {
      if (this.#lives(doubted) && doubted.line && unanswered(doubted.line, at))
        this.#drop(doubted, 'the relay does not answer after a sleep')
    })
  }

  /** Ends every connection; resolves when they are gone. */
  stop(): Promise<void> {
    this.#cancelDial()
    this.#cancelDoubt()
    const gone = new Promise<void>((resolve) => (this.#stopped = resolve))
    for (const connection of [this.#current, this.#next]) connection?.cancelWake()
    const links = [this.#current?.link, this.#next?.link]
    if (!this.#current && !this.#next) this.#stopped?.()
    for (const link of links) link?.end()
    return gone
  }

  #dial(): Connection {
    const connection: Connection = {
      link: undefined,
      line: undefined,
      welcomed: false,
      cancelWake: () => {},
    }
    connection.link = this.#deps.dial({
      opened: () => this.#opened(connection),
      said: (text) => this.#said(connection, text),
      ended: (how) => this.#ended(connection, how),
    })
    return connection
  }

  #lives(connection: Connection): boolean {
    return (connection === this.#current || connection === this.#next) && !this.#stopped
  }

  #opened(connection: Connection): void {
    if (!this.#lives(connection)) return
    const { clock, refresh } = this.#deps
    const now = clock.monotonic()
    connection.line = freshLine(now, now + timeOuts.connectionLife - timeOuts.handOverBefore)
    this.#deps.log.debug({}, 'connected to the relay, saying hello')
    this.#tick(connection, false)
    refresh()
  }

  #said(connection: Connection, text: string): void {
    const { clock, state } = this.#deps
    if (!this.#lives(connection) || !connection.line) return
    const parsed = parseFrame(relayToAgent, text)
    if (!parsed.ok) {
      if (isGatewayNotice(text))
        return this.#deps.log.debug({}, 'the gateway says that a frame came to nothing')
      return this.#tell(`a frame of the relay is unreadable (${parsed.code})`, {
        why: parsed.message,
      })
    }
    const moment = { at: clock.monotonic(), state: state() }
    this.#take(connection, hear(connection.line, this.#terms(), moment, parsed.frame))
    if (this.#lives(connection)) this.#tick(connection, false)
  }

  #tick(connection: Connection, sampled: boolean): void {
    if (!connection.line) return
    const { clock, state, hold } = this.#deps
    const at = clock.monotonic()
    const moment = { at, state: state(), sampled, cargo: hold.cargo(at) }
    this.#take(connection, tick(connection.line, this.#terms(), moment))
    if (!this.#lives(connection)) return
    const next = wakeAt(connection.line, this.#terms(), at, hold.cargo(at))
    const wait = Math.max(1, Math.ceil(next - at))
    connection.cancelWake()
    connection.cancelWake = clock.after(wait, () => this.#tick(connection, false))
  }

  #terms(): Terms {
    return { ...this.#deps.terms, fresh: this.#fresh }
  }

  #take(connection: Connection, { line, effects }: Turn): void {
    connection.line = line
    this.#noteAttention()
    for (const effect of effects) {
      if (!this.#lives(connection)) return
      this.#do(connection, effect)
    }
  }

  #do(connection: Connection, effect: Effect): void {
    const { refresh, hold } = this.#deps
    switch (effect.type) {
      case 'send':
        return this.#send(connection, JSON.stringify(effect.frame))
      case 'offered':
        return hold.offered()
      case 'heard':
        return hold.heard(effect.hwm, effect.askedAt)
      case 'stored':
        return hold.stored(effect.chunk)
      case 'refresh':
        return refresh()
      case 'welcomed':
        return this.#welcomed(connection)
      case 'hand_over':
        if (connection === this.#current && !this.#next) this.#next = this.#dial()
        return
      case 'redial':
        return this.#drop(connection, effect.why)
      case 'superseded':
        this.#fresh = false
        return this.#rest(
          `another agent${effect.by ? ` (${effect.by})` : ''} has this printer: this one stays idle; if both are meant to run, each needs a printer and a token of its own`,
        )
      case 'revoked':
        return this.#rest('the token was revoked: get a new one and set relay.token')
      case 'complain':
        return this.#tell(`the relay refuses a frame (${effect.code})`, { why: effect.message })
      default:
        return effect satisfies never
    }
  }

  #send(connection: Connection, text: string): void {
    // The mapping keeps the state small enough; should that ever fail, the link must survive it.
    if (bytesOf(text) > limits.frameBytes) {
      this.#deps.log.error({ bytes: bytesOf(text) }, 'a frame is too large and was not sent')
      return
    }
    connection.link?.send(text)
  }

  #welcomed(connection: Connection): void {
    this.#fresh = false
    this.#tries = noTries
    if (connection.welcomed) return
    connection.welcomed = true
    this.#trouble = ''
    if (connection === this.#next) {
      const old = this.#current
      this.#promote()
      if (old) this.#leave(old)
      this.#deps.log.info({}, 'handed over to a new connection')
    } else this.#deps.log.info({}, 'the relay takes this printer in')
  }

  #promote(): void {
    this.#current = this.#next
    this.#next = undefined
    this.#noteAttention()
  }

  /** The connection is no longer ours; its `ended` will find nobody. */
  #leave(connection: Connection): void {
    connection.cancelWake()
    connection.link?.end()
  }

  /** During a hand-over the relay may end the old connection first: the next one carries on. */
  #drop(connection: Connection, why: string, ended?: Ended): void {
    if (connection === this.#next) {
      this.#next = undefined
      this.#tell(`the hand-over failed: ${why}`, {})
    } else if (this.#next) this.#promote()
    else {
      this.#current = undefined
      this.#tries = afterEnd(this.#tries, ended)
      this.#later(waitAfter(this.#tries, this.#deps.random), why)
    }
    if (!ended) this.#leave(connection)
    else connection.cancelWake()
  }

  /** Leaves the printer alone for a long time (design §3.4). */
  #rest(why: string): void {
    const leaving = [this.#current, this.#next]
    this.#current = this.#next = undefined
    for (const connection of leaving) if (connection) this.#leave(connection)
    this.#later(timeOuts.supersededRetry, why)
  }

  #later(wait: number, why: string): void {
    this.#noteAttention()
    this.#tell(why, { retryInMs: wait })
    this.#cancelDial = this.#deps.clock.after(wait, () => {
      this.#current = this.#dial()
    })
  }

  #ended(connection: Connection, how: Ended): void {
    if (this.#stopped) {
      connection.link = undefined
      if (!this.#current?.link && !this.#next?.link) this.#stopped()
      return
    }
    if (this.#lives(connection)) this.#drop(connection, describeEnded(how), how)
  }

  /** One line for a trouble, however long it lasts. */
  #tell(why: string, fields: Readonly<Record<string, unknown>>): void {
    const { log } = this.#deps
    if (why === this.#trouble) log.debug(fields, why)
    else log.warn(fields, why)
    this.#trouble = why
  }

  #noteAttention(): void {
    const mode = this.#current?.line?.attention.mode ?? 'idle'
    if (mode === this.#attention) return
    this.#attention = mode
    this.#deps.attend(mode)
  }
}
