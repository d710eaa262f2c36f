import { createRelayClient, type RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import type { View } from '../../protocol/view.ts'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { ResponseLike, RequestLike, SocketLike } from '../../client/deps.ts'
import type { Connection, Gateway, Socket } from './gateway.ts'
import type { Ground } from './ground.ts'
import { Process, type Machine } from './machine.ts'
import { randomOf } from './random.ts'
import type { Seat } from './seat.ts'

/** One page of somebody's browser, from load to leave. */
export interface Page {
  readonly process: Process
  readonly client: RelayClient
  /** What its screen may show. */
  readonly view: View
  readonly watching: Map<string, () => void>
  visible: boolean
  /** Its newest connection. */
  connection: Connection | undefined
  readonly sockets: Set<Socket>
}

export interface ViewerDeviceDeps {
  readonly ground: Ground
  readonly seed: number
  readonly name: string
  readonly seat: Seat
  readonly machine: Machine
  readonly gateway: Gateway
  readonly fetch: (process: Process) => (url: string, request: RequestLike) => Promise<ResponseLike>
  readonly shows: (page: Page, view: ClientView) => void
  readonly tells: (page: Page, event: LoggedEvent) => void
  /** Changes what a page hears: a broken variant. */
  readonly tamper: ((text: string) => string) | undefined
}

/** A device on which somebody watches printers. */
export class ViewerDevice {
  readonly deps: ViewerDeviceDeps
  page: Page | undefined
  #loads = 0

  constructor(deps: ViewerDeviceDeps) {
    this.deps = deps
  }

  get who(): string {
    return this.deps.seat.who
  }

  load(): Page {
    if (this.page) return this.page
    const { deps } = this
    const process = new Process(deps.machine, `${deps.name}.${++this.#loads}`)
    deps.ground.note(`${process.name} loads`)
    const sockets = new Set<Socket>()
    const draws = randomOf(deps.seed, process.name)
    const fetch = deps.fetch(process)
    const config = {
      api: 'https://api.example',
      socket: 'wss://relay.example/ws',
      root: deps.seat.root,
    }
    const { clock } = process
    const { token, view } = deps.seat.signIn(process, { clock, fetch, config })
    const client = createRelayClient({
      ...{ clock, fetch, config, token },
      random: draws.next,
      openSocket: (url) => this.#socket(page, url),
    })
    const page: Page = {
      ...{ process, client, sockets, view },
      ...{ watching: new Map(), visible: true, connection: undefined },
    }
    this.page = page
    client.subscribe((shown) => deps.shows(page, shown))
    client.onEvent((event) => deps.tells(page, event))
    client.start()
    return page
  }

  watch(printerId: string): void {
    const { page } = this
    if (!page || page.watching.has(printerId) || !this.deps.seat.sees(printerId)) return
    const watch = page.client.watch(printerId)
    page.watching.set(printerId, () => watch.unwatch())
  }

  unwatch(printerId: string): void {
    this.page?.watching.get(printerId)?.()
    this.page?.watching.delete(printerId)
  }

  /** With `goodbye` the page ends what it holds; without, it is simply gone. */
  leave(goodbye: boolean): void {
    const { page } = this
    if (!page) return
    this.deps.ground.note(`${page.process.name} leaves ${goodbye ? 'properly' : 'at once'}`)
    if (goodbye) page.client.stop()
    page.process.kill()
    for (const socket of page.sockets) socket.end()
    this.page = undefined
  }

  #socket(page: Page, url: string): SocketLike {
    const { gateway, tamper } = this.deps
    const { process } = page
    const ticket = new URL(url).searchParams.get('ticket') ?? ''
    let socket: Socket | undefined
    let over = false
    return {
      listen: ({ opened, said, ended }) => {
        const arrives = (run: () => void) =>
          process.arrives(`news for ${process.name}`, () => {
            if (!over) run()
          })
        const made = gateway.dial(
          { ticket },
          {
            name: process.name,
            opened: (connection) =>
              arrives(() => {
                page.connection = connection
                opened()
              }),
            said: (text) => arrives(() => said(tamper ? tamper(text) : text)),
            ended: () =>
              arrives(() => {
                over = true
                page.sockets.delete(made)
                ended()
              }),
          },
        )
        socket = made
        page.sockets.add(made)
      },
      send: (text) => {
        if (!over) socket?.send(text)
      },
      close: () => {
        over = true
        if (socket) page.sockets.delete(socket)
        socket?.end()
      },
    }
  }
}
