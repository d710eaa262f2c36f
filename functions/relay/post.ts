import type { RelayToAgent } from '../../protocol/relay-to-agent.ts'
import type { RelayToViewer } from '../../protocol/relay-to-viewer.ts'
import type { ClosingReasonName } from '../../protocol/closing-reasons.ts'
import type { Ports, PostOutcome } from './ports.ts'

/** Posts one frame to one connection and counts it. */
export const post = (
  ports: Ports,
  connectionId: string,
  frame: RelayToAgent | RelayToViewer,
): Promise<PostOutcome> => {
  ports.metrics.count('fluxrelay_frames_out_total', 1, frame.type)
  return postText(ports, connectionId, JSON.stringify(frame))
}

/** Posts a text that was serialised before. */
export const postText = async (
  ports: Ports,
  connectionId: string,
  text: string,
): Promise<PostOutcome> => {
  const outcome = await ports.sender.send(connectionId, text)
  ports.metrics.count('fluxrelay_posts_total', 1, outcome)
  return outcome
}

/** Says why, then ends the connection. Rejects when the end is not certain. */
export const endConnection = async (
  ports: Ports,
  connectionId: string,
  reason: ClosingReasonName,
  by?: string,
): Promise<void> => {
  await post(ports, connectionId, { type: 'closing', reason, ...(by !== undefined && { by }) })
  await ports.sender.close(connectionId)
}

/** The same where nothing depends on it: a connection that lives on is refused at its next frame. */
export const tryToEnd = async (
  ports: Ports,
  connectionId: string,
  reason: ClosingReasonName,
  by?: string,
): Promise<void> => {
  try {
    await endConnection(ports, connectionId, reason, by)
  } catch (error) {
    ports.log.warn({ connectionId, reason, error: String(error) }, 'a connection did not end')
  }
}
