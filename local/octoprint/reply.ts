/** What goes back: a JSON value, or nothing where `body` is undefined. */
export type Reply = {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A reply as bytes on the wire. */
export type WireReply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export const errorReply = (status: number, error: string, headers = {}): Reply => ({
  status,
  body: { error },
  headers,
})

/** OctoPrint indents its JSON by two and ends it with a line feed; the recorded sizes show it. */
export const onWire = ({ status, body, headers = {} }: Reply): WireReply =>
  body === undefined
    ? { status, headers, text: '' }
    : {
        status,
        headers: { 'Content-Type': 'application/json', ...headers },
        text: `${JSON.stringify(body, null, 2)}\n`,
      }
