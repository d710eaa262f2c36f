/**
 * Holds clients to the frame limit on the announced length, before any payload is read.
 *
 * Why here: `ws` checks only the whole message (`maxPayload`), shows frames to nobody, and makes its
 * parser itself, so there is nothing to subclass or hook that its next release would not move. What
 * is stable is RFC 6455: the bytes on the socket. So this walks over frame headers (2, 4 or 10
 * bytes) in the stream that `ws` is about to read, and skips payloads by count without a copy.
 *
 * Why it forges: a frame that is too long is passed on as a header announcing more than *any*
 * message may have, and nothing after it. `ws` then refuses it by its own path, in its place behind
 * the messages before it: close 1009, drain what the client still sends, end. No second state
 * machine of closing is needed, and the payload is neither buffered nor waited for.
 */
export interface FramesGuard {
  /** What of these bytes the WebSocket parser may see; empty once a frame was too long. */
  pass(chunk: Buffer): Buffer
  /** Whether a frame was too long. */
  tripped(): boolean
}

const maskBytes = 4
const nothing = Buffer.alloc(0)

/** Bytes of the header at `at` without the mask, as far as its second byte tells. */
const headerBytes = (data: Buffer, at: number): number => {
  const code = (data[at + 1] ?? 0) & 0x7f
  if (code === 127) return 10
  return code === 126 ? 4 : 2
}

const payloadBytes = (data: Buffer, at: number, header: number): number => {
  if (header === 10) return data.readUInt32BE(at + 2) * 2 ** 32 + data.readUInt32BE(at + 6)
  return header === 4 ? data.readUInt16BE(at + 2) : (data[at + 1] ?? 0) & 0x7f
}

/** A header like the one at `at`, of 2^31 − 1 bytes: beyond every `maxPayload`. */
const forgedHeader = (data: Buffer, at: number): Buffer => {
  const mask = (data[at + 1] ?? 0) & 0x80
  return Buffer.from([data[at] ?? 0, mask | 127, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff])
}

/** A guard for the bytes of one client, from the first after the handshake on. */
export const createFramesGuard = (maxFrameBytes: number): FramesGuard => {
  let heldHeader = nothing
  let toSkip = 0
  let tripped = false

  const scan = (data: Buffer): Buffer => {
    let at = 0
    for (;;) {
      const skipped = Math.min(toSkip, data.length - at)
      at += skipped
      toSkip -= skipped
      if (at === data.length) return data
      const header = headerBytes(data, at)
      if (data.length - at < Math.max(2, header)) {
        // An incomplete header waits here: it may have to be rewritten.
        heldHeader = Buffer.from(data.subarray(at))
        return data.subarray(0, at)
      }
      const payload = payloadBytes(data, at, header)
      if (payload > maxFrameBytes) {
        tripped = true
        return Buffer.concat([data.subarray(0, at), forgedHeader(data, at)])
      }
      const masked = ((data[at + 1] ?? 0) & 0x80) !== 0
      at += header
      toSkip = payload + (masked ? maskBytes : 0)
    }
  }

  return {
    pass(chunk) {
      if (tripped) return nothing
      const data = heldHeader.length > 0 ? Buffer.concat([heldHeader, chunk]) : chunk
      heldHeader = nothing
      return scan(data)
    },
    tripped: () => tripped,
  }
}
