import { createHash } from 'node:crypto'
import * as z from 'zod'
import { expect, it } from 'vitest'
import { agentToRelay } from '../../protocol/agent-to-relay.ts'
import { relayToAgent } from '../../protocol/relay-to-agent.ts'
import { relayToViewer } from '../../protocol/relay-to-viewer.ts'
import { eventPageSchema } from '../../protocol/rest-events.ts'
import { historyAnswerSchema } from '../../protocol/rest-history.ts'
import { printPageSchema } from '../../protocol/rest-prints.ts'
import { printerListSchema, ticketAnswerSchema, viewerConfigSchema } from '../../protocol/rest.ts'
import { auditPageSchema } from '../../protocol/rest-audit.ts'
import {
  invitationViewSchema,
  inviteAnswerSchema,
  inviteSchema,
} from '../../protocol/rest-invitations.ts'
import {
  pairingAnswerSchema,
  redeemCodeSchema,
  redeemedCodeSchema,
} from '../../protocol/rest-pairing.ts'
import { guestAnswerSchema, newShareSchema, shareAnswerSchema } from '../../protocol/rest-shares.ts'
import { siteListSchema, siteViewSchema } from '../../protocol/rest-sites.ts'
import { subprotocol } from '../../protocol/version.ts'
import { viewerToRelay } from '../../protocol/viewer-to-relay.ts'

const wire = {
  agentToRelay,
  relayToAgent,
  viewerToRelay,
  relayToViewer,
  printerListSchema,
  ticketAnswerSchema,
  viewerConfigSchema,
  eventPageSchema,
  historyAnswerSchema,
  printPageSchema,
  siteListSchema,
  siteViewSchema,
  auditPageSchema,
  inviteSchema,
  inviteAnswerSchema,
  invitationViewSchema,
  pairingAnswerSchema,
  redeemCodeSchema,
  redeemedCodeSchema,
  newShareSchema,
  shareAnswerSchema,
  guestAnswerSchema,
}

/**
 * What the frames look like, per version. Before the first release a change moves the fingerprint
 * of v1; after it, a change that an older peer could not read takes a new subprotocol.
 */
const pinned: Record<string, string> = {
  'fluxrelay.v1': '3655e5449deb40c761d34fdee1bfbfa2af64a8f279c2a3af9b1826ae854aa4b0',
}

it('keeps the frames of a version as they are', () => {
  const schemas = Object.entries(wire).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema, { io: 'input' }),
  ])
  const fingerprint = createHash('sha256').update(JSON.stringify(schemas)).digest('hex')
  expect(fingerprint, 'the wire changed: see docs/PROTOCOL.md, "Versions"').toBe(
    pinned[subprotocol],
  )
})
