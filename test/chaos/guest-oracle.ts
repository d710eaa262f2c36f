import { shareOfGuest } from '../../functions/relay/caller.ts'
import { basicEventFields, basicFields, basicPrintFields } from '../../protocol/basic-view.ts'
import { sections, temperatureFieldSchema } from '../../protocol/printer-state.ts'
import type { Connection } from './gateway.ts'
import { second, type Ground } from './ground.ts'
import type { Link } from './guest-seat.ts'

type Fields = Readonly<Record<string, unknown>>

/** What of a frame or an answer tells of a printer. */
interface Told {
  readonly printerId?: string
  readonly type?: string
  readonly full?: Readonly<Record<string, Fields>>
  readonly patch?: Readonly<Record<string, Fields>>
  readonly body?: Fields
  readonly state?: Told
  readonly printers?: readonly Told[]
  readonly events?: readonly Told[]
  readonly prints?: readonly Fields[]
}

/** Watches all that is given to guests: nothing after a withdrawal, nothing beyond their view. */
export class GuestOracle {
  readonly #ground: Ground
  readonly #links = new Map<string, Link>()
  /** When the withdrawal of a link was answered. */
  readonly #withdrawn = new Map<string, number>()

  constructor(ground: Ground) {
    this.#ground = ground
  }

  made(link: Link): void {
    this.#links.set(link.id, link)
  }

  withdrawn({ id }: Link): void {
    this.#withdrawn.set(id, this.#ground.loop.now())
  }

  posted({ principal }: Connection, text: string): void {
    const hash = shareOfGuest(principal)
    if (hash === undefined) return
    const told = JSON.parse(text) as Told
    if (told.printerId !== undefined && told.type !== 'error')
      this.#check(hash, told, `${told.type} of ${told.printerId}`)
  }

  /** `hash`: the link of the guest who is answered. */
  answered(hash: string, path: string, status: number, body: string): void {
    if (status >= 400 || !path.startsWith('/v1/guest/printers')) return
    this.#check(hash, body === '' ? {} : (JSON.parse(body) as Told), path)
  }

  #check(hash: string, told: Told, what: string): void {
    const at = this.#withdrawn.get(hash)
    if (at !== undefined && this.#ground.loop.now() > at + 5 * second)
      this.#ground.violated('after a withdrawal and 5 s nothing is sent', `${what} to a guest`)
    if (this.#links.get(hash)?.view === 'full') return
    for (const field of beyondBasic(told))
      this.#ground.violated('a guest gets the allow-list and no more', `${what} has ${field}`)
  }
}

/** What the lists of the view `basic` do not have. */
const beyondBasic = (told: Told): string[] => [
  ...beyondState(told.full),
  ...beyondState(told.patch),
  ...beyond('event', told.body, basicEventFields),
  ...(told.state ? beyondBasic(told.state) : []),
  ...[...(told.printers ?? []), ...(told.events ?? [])].flatMap(beyondBasic),
  ...(told.prints ?? []).flatMap((print) => beyond('print', print, basicPrintFields)),
]

const beyond = (what: string, fields: Fields = {}, shown: readonly string[]): string[] =>
  Object.keys(fields)
    .filter((field) => !shown.includes(field))
    .map((field) => `${what}.${field}`)

const beyondState = (state: Told['full'] = {}): string[] =>
  Object.entries(state).flatMap(([name, fields]) => {
    const section = sections.find((one) => one === name)
    if (section === undefined) return [name]
    if (section !== 'temperature') return beyond(section, fields, basicFields[section])
    return Object.keys(fields).filter((field) => !temperatureFieldSchema.safeParse(field).success)
  })
