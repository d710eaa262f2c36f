import { subprotocol } from '../../protocol/version.ts'
import { openClient, type Client } from '../local/gateway/client.ts'
import { pageOrigin, type Cloud } from './cloud.ts'

export const protocols = [subprotocol]

export interface Frame extends Readonly<Record<string, unknown>> {
  readonly type: string
}

/** The next frame of a type; those before it are let go. */
export const next = async ({ frames }: Client, type: string): Promise<Frame> => {
  for (;;) {
    const frame = JSON.parse(await frames.next()) as Frame
    if (frame.type === type) return frame
  }
}

export const state = {
  connection: { octoprint: 'ok', printer: 'connected' },
  status: { text: 'Operational', operational: true },
  temperature: {},
  job: {},
  progress: {},
}

/** An agent's first frame. */
export const hello = (seq: number, interval = 30_000) => ({
  ...{ action: 'hello', instance: 'start-0001', fresh: seq === 1, seq, version: '0.1.0' },
  ...{ agentNow: seq, interval, state },
})

/** What agents, browsers and guests do with a relay of bundles. */
export const cloudClients = (cloud: Cloud) => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const ask = (method: string, path: string, token?: string): Promise<Response> =>
    fetch(`${cloud.base}${path}`, { method, headers: token === undefined ? {} : bearer(token) })
  const post = async (path: string, token: string | undefined, body: object) => {
    const who = token === undefined ? {} : bearer(token)
    const headers = { ...who, 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const answer = await fetch(`${cloud.base}${path}`, init)
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  const ticketOf = async (path: string, token: string): Promise<string> =>
    ((await (await ask('POST', path, token)).json()) as { ticket: string }).ticket
  const ticket = (token: string) => ticketOf('/v1/tickets', token)
  const page = (bought: string) =>
    openClient(`${cloud.socket}?ticket=${bought}`, { protocols, headers: { origin: pageOrigin } })
  return {
    ask,
    post,
    ticket,
    asAgent: (token: string) => openClient(cloud.socket, { protocols, headers: bearer(token) }),
    asViewer: async (token: string) => page(await ticket(token)),
    asGuest: async (token: string) => page(await ticketOf('/v1/guest/tickets', token)),
  }
}
export type CloudClients = ReturnType<typeof cloudClients>
