import type { Relay } from '../relay/create-relay.ts'
import { changed, watching } from './http.ts'

/** `POST /v1/tickets`, and for guests `POST /v1/guest/tickets` */
export const ticketsHandler = (relay: Relay) =>
  watching(relay, async (watcher) => changed(await relay.issueTicket(watcher)))
