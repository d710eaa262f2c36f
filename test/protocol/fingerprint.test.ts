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
}

/**
 * What the frames look like, per version. Before the first release a change moves the fingerprint
 * of v1; after it, a change that an older peer could not read takes a new subprotocol.
 */
const pinned: Record<string, string> = {
  'fluxrelay.v1': 'd6d6793262bc563be3f3695209b22a0ef72e9d6eaaf71281c0cdb3e51bea583a',
}

it('keeps the frames of a version as they are', () => {
  const schemas = Object.entries(wire).map(([name, schema]) => [name, z.toJSONSchema(schema)])
  const fingerprint = createHash('sha256').update(JSON.stringify(schemas)).digest('hex')
  expect(fingerprint, 'the wire changed: see docs/PROTOCOL.md, "Versions"').toBe(
    pinned[subprotocol],
  )
})
