/** A frame of the gateway's own. */
export interface Frame {
  readonly message: string
  readonly connectionId: string
  readonly requestId: string
}
