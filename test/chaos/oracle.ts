import type { ClientView } from '../../client/view.ts'
import { snapshotOf, type StateItem } from '../../functions/relay/publishing/state-item.ts'
import type { Item } from '../../functions/relay/table/table.ts'
import type { AgentToRelay } from '../../protocol/agent-to-relay.ts'
import { applyPatch, changedFields } from '../../protocol/delta.ts'
import { isNewer, type Position } from '../../protocol/generation.ts'
import { basicEvent, basicState } from '../../protocol/basic-view.ts'
import type { View } from '../../protocol/view.ts'
import { emptyState, type PrinterState } from '../../protocol/printer-state.ts'
import type { EventBody, LoggedEvent } from '../../protocol/printer-event.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Connection } from './gateway.ts'
import { second, type Ground } from './ground.ts'
import type { Page } from './viewer-device.ts'

/** What the agent held when it sent a frame. */
interface Published {
  readonly state: PrinterState
  readonly at: number
}

type LoggedItem = Item & { n: number; src: string; m: number | string; body: string }

interface Generation {
  last: number
  newest: PrinterState
  readonly frames: Map<number, Published>
}

/** A published state as a page may show it. */
export const inView = (view: View, state: PrinterState): PrinterState =>
  view === 'full' ? state : basicState(state)

const eventAs = (view: View, logged: string): string =>
  view === 'full' ? logged : JSON.stringify(basicEvent(JSON.parse(logged) as EventBody))

/** Watches every write, frame and screen, and says at once when a property of design §11 breaks. */
export class Oracle {
  readonly #ground: Ground
  readonly #generations = new Map<string, Generation>()
  readonly #shown = new WeakMap<Page, Map<string, Position>>()
  readonly #told = new WeakMap<Page, Map<string, number>>()
  readonly #log = new Map<string, string>()
  readonly #logged = new Set<string>()
  /** Events that agents sent, and by which connection last. */
  readonly #sent = new Map<string, string>()
  readonly #heads = new Map<string, number>()
  readonly #marks = new Map<string, number | string>()
  readonly #takeOvers = new Map<string, number>()
  /** `who printer` → when a revocation of it was answered. */
  readonly #revoked = new Map<string, number>()
  readonly #revokedTokens = new Map<string, number>()
  hellos = 0
  syncs = 0

  constructor(ground: Ground) {
    this.#ground = ground
  }

  #fail(property: string, detail: string): void {
    this.#ground.violated(property, detail)
  }

  // --- Frames
  frameLeft(connection: Connection, text: string): void {
    const frame = JSON.parse(text) as { action: string }
    if (frame.action === 'sync') this.syncs++
    if (connection.kind === 'agent') this.#published(connection, frame as AgentToRelay)
  }

  #published({ gen, id, principal }: Connection, frame: AgentToRelay): void {
    const { seq } = frame
    if (frame.action === 'publish')
      for (const { src, m } of frame.events ?? [])
        this.#sent.set(`${principal.slice('agent:'.length)} ${src} ${m}`, id)
    const known = this.#generations.get(gen)
    const generation = known ?? { last: 0, newest: emptyState, frames: new Map() }
    this.#generations.set(gen, generation)
    if (frame.action === 'hello') this.hellos++
    if (seq <= generation.last)
      this.#fail('an agent never repeats a seq', `${id} sends ${seq} again`)
    const state =
      frame.action === 'hello'
        ? frame.state
        : (frame.full ?? applyPatch(generation.newest, frame.patch ?? {}))
    generation.last = seq
    generation.newest = state
    generation.frames.set(seq, { state, at: this.#ground.loop.now() })
  }

  published({ gen, seq }: Position): Published | undefined {
    return this.#generations.get(gen)?.frames.get(seq)
  }

  newestOf(gen: string): number | undefined {
    return this.#generations.get(gen)?.last
  }

  #checkBody(where: string, position: Position, state: PrinterState, view: View = 'full'): void {
    const truth = this.published(position)
    const at = `${position.gen}/${position.seq}`
    if (!truth) return this.#fail('every state held was published', `${where} holds ${at}`)
    const different = [...changedFields(inView(view, truth.state), state)]
    if (different.length > 0)
      this.#fail(
        'the body held is the published body',
        `${where} holds ${at} with other ${different.join(', ')}`,
      )
  }

  posted({ principal, kind }: Connection, text: string): void {
    if (kind !== 'viewer') return
    const { printerId, type } = JSON.parse(text) as { printerId?: string; type?: string }
    if (printerId !== undefined && type !== 'error')
      this.#mustNotBeRevoked(principal, printerId, type)
  }

  answered(who: string, path: string, status: number): void {
    const printerId = /^\/v1\/printers\/([^/]+)/.exec(path)?.[1]
    if (printerId !== undefined && status < 400) this.#mustNotBeRevoked(who, printerId, path)
  }

  #mustNotBeRevoked(who: string, printerId: string, what = ''): void {
    const at = this.#revoked.get(`${who} ${printerId}`)
    if (at !== undefined && this.#ground.loop.now() > at + 5 * second)
      this.#fail('after a revocation and 5 s nothing is sent', `${what} of ${printerId} to ${who}`)
  }

  revoked(who: string, printerId: string): void {
    this.#revoked.set(`${who} ${printerId}`, this.#ground.loop.now())
  }

  granted(who: string, printerId: string): void {
    this.#revoked.delete(`${who} ${printerId}`)
  }

  tokenRevoked(printerId: string, version: number): void {
    this.#revokedTokens.set(`${printerId} ${version}`, this.#ground.loop.now())
  }

  // --- The store
  wroteState(printerId: string, before: StateItem | undefined, after: StateItem): void {
    if (before && isNewer(before, after))
      this.#fail(
        'STATE never goes back',
        `${printerId}: ${before.gen}/${before.seq} became ${after.gen}/${after.seq}`,
      )
    if ((before?.ev ?? 0) > (after.ev ?? 0) && before?.gen === after.gen)
      this.#fail('the head in STATE never goes back', `${before?.ev} became ${after.ev}`)
    const moved = before?.gen !== after.gen || before.seq !== after.seq
    if (moved) this.#checkBody(`STATE of ${printerId}`, after, snapshotOf(printerId, after).full)
    if (before && before.gen !== after.gen) this.#tookOver(before, after)
    this.#tokenMustStand(printerId, before, after)
  }

  #tokenMustStand(printerId: string, before: StateItem | undefined, after: StateItem): void {
    const changed = before?.st !== after.st || before.seq !== after.seq
    const at = this.#revokedTokens.get(`${printerId} ${after.tok}`)
    if (
      changed &&
      after.st === 'on' &&
      at !== undefined &&
      this.#ground.loop.now() > at + 5 * second
    )
      this.#fail('a revoked token publishes nothing', `${printerId} by version ${after.tok}`)
  }

  /** Each process start takes a living owner's printer at most once (property 4). */
  #tookOver(before: StateItem, after: StateItem): void {
    const { inst } = after
    if (inst === undefined || before.inst === undefined || before.inst === inst) return
    // Some of the silence may be the relay's own clock stepping.
    if (after.seenAt - before.seenAt > timeOuts.ownerForgotten - 10 * second) return
    const times = (this.#takeOvers.get(inst) ?? 0) + 1
    this.#takeOvers.set(inst, times)
    if (times > 1)
      this.#fail('at most one supersession per fresh start', `${inst} took over ${times} times`)
  }

  wroteEvent(before: Item | undefined, after: Item): void {
    const { pk, n, src, m, body } = after as LoggedItem
    if (before) {
      const same = before['body'] === body && before['m'] === m && before['src'] === src
      if (!same) this.#fail('an event is never replaced', `${pk} ${n}`)
      return
    }
    if (n !== this.heads(pk) + 1) this.#fail('the event log is dense', `${pk} got ${n}`)
    this.#heads.set(pk, n)
    const key = `${pk} ${src}`
    const mark = this.#marks.get(key)
    const inOrder = mark === undefined || (typeof mark === typeof m && mark < m)
    if (!inOrder)
      this.#fail(
        'each event is logged once, in the order of its source',
        `${key}: ${m} after ${mark}`,
      )
    this.#marks.set(key, m)
    this.#log.set(`${pk} ${n}`, body)
    this.#logged.add(`${pk.slice(2)} ${src} ${m}`)
  }

  heads(pk: string): number {
    return this.#heads.get(pk) ?? 0
  }

  // --- The screens
  shows(page: Page, view: ClientView): void {
    const positions = this.#shown.get(page) ?? new Map<string, Position>()
    this.#shown.set(page, positions)
    for (const { id, position, state } of Object.values(view.printers)) {
      if (!position || !state) continue
      const before = positions.get(id)
      if (before?.gen === position.gen && before.seq === position.seq) continue
      positions.set(id, position)
      if (before && isNewer(before, position))
        this.#fail(
          'no viewer ever goes back',
          `${page.process.name}: ${before.gen}/${before.seq} became ${position.gen}/${position.seq}`,
        )
      this.#checkBody(page.process.name, position, state, page.view)
    }
  }

  /** Every reader is told each event once, in order, and as it was logged (property 7). */
  tells(page: Page, { printerId, n, body }: LoggedEvent): void {
    const told = this.#told.get(page) ?? new Map<string, number>()
    this.#told.set(page, told)
    const last = told.get(printerId)
    const where = `${page.process.name} of ${printerId}`
    if (last !== undefined && n !== last + 1)
      this.#fail(
        'every reader is told each event once and in order',
        `${where}: ${n} after ${last}`,
      )
    told.set(printerId, n)
    const logged = this.#log.get(`E#${printerId} ${n}`)
    if (logged === undefined || eventAs(page.view, logged) !== JSON.stringify(body))
      this.#fail('what a reader is told was logged', `${where}: ${n}`)
  }

  /** The last event that a page was told of a printer. */
  toldUpTo(page: Page, printerId: string): number | undefined {
    return this.#told.get(page)?.get(printerId)
  }

  /** An event that an agent sent and that is in no log. */
  unlogged(isKept: (connectionId: string) => boolean): string | undefined {
    for (const [event, connectionId] of this.#sent)
      if (isKept(connectionId) && !this.#logged.has(event)) return event
    return undefined
  }

  /** Real-time is only said of what is: the frame is young, the link is there (design §8). */
  checkBadges(page: Page): void {
    const now = this.#ground.loop.now()
    for (const { id, badge, position } of Object.values(page.client.state().printers)) {
      if (badge !== 'real-time') continue
      const at = position && this.published(position)?.at
      if (at === undefined || now - at > 90 * second)
        this.#fail(
          'real-time is real',
          `${page.process.name} shows ${id} of ${now - (at ?? 0)} ms ago`,
        )
      const { connection } = page
      if (connection && !connection.open && now - connection.endedAt > 50 * second)
        this.#fail(
          'real-time is real',
          `${page.process.name} has had no link since ${connection.endedAt}`,
        )
    }
  }

  /** Whatever runs for ever must not gather anything. */
  checkSize(name: string, what: string, count: number, most: number): void {
    if (count > most) this.#fail('nothing grows without bound', `${name} has ${count} ${what}`)
  }
}
