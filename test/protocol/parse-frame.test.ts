import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentToRelay } from '../../protocol/agent-to-relay.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { limits } from '../../protocol/limits.ts'
import { parseFrame } from '../../protocol/parse-frame.ts'
import { emptyState } from '../../protocol/printer-state.ts'
import { relayToAgent } from '../../protocol/relay-to-agent.ts'
import { relayToViewer } from '../../protocol/relay-to-viewer.ts'
import { viewerToRelay } from '../../protocol/viewer-to-relay.ts'

const directions = { agentToRelay, relayToAgent, viewerToRelay, relayToViewer }
const publish = { action: 'publish', seq: 4, mode: 'watched', interval: 1000, agentNow: 5 }
const say = (frame: unknown) => parseFrame(agentToRelay, JSON.stringify(frame))

describe('parsing a frame', () => {
  it('answers a frame or a code for whatever comes, and never throws', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.anything().map((value) => JSON.stringify(value) ?? 'undefined'),
    )
    fc.assert(
      fc.property(anything, fc.constantFrom(...Object.values(directions)), (text, schema) => {
        const parsed = parseFrame(schema, text)
        if (!parsed.ok) expect(errorCodes).toHaveProperty(parsed.code)
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses what is above 32 KB, counted in bytes', () => {
    const text = JSON.stringify({
      action: 'ping',
      subs: {},
      pad: 'é'.repeat(limits.frameBytes / 2),
    })
    expect(parseFrame(viewerToRelay, text)).toMatchObject({ ok: false, code: 'frame_too_large' })
  })

  it('tells a wrong frame from what is no JSON', () => {
    expect(parseFrame(viewerToRelay, '{')).toMatchObject({ ok: false, code: 'bad_json' })
    expect(parseFrame(viewerToRelay, '[]')).toMatchObject({ ok: false, code: 'bad_frame' })
    expect(parseFrame(viewerToRelay, 'null')).toMatchObject({ ok: false, code: 'bad_frame' })
  })

  it('names the path of a mistake and never its value', () => {
    const parsed = parseFrame(viewerToRelay, '{"action":"renew","ticket":"hush-hush"}')
    expect(parsed.ok ? '' : parsed.message).toMatch(/^ticket: /)
    expect(JSON.stringify(parsed)).not.toContain('hush')
  })

  it('takes a keyframe or a delta, and nothing between', () => {
    expect(say({ ...publish, full: emptyState }).ok).toBe(true)
    expect(say({ ...publish, k: 3, patch: {} }).ok).toBe(true)
    expect(say(publish).ok).toBe(false)
    expect(say({ ...publish, k: 3 }).ok).toBe(false)
    expect(say({ ...publish, patch: {} }).ok).toBe(false)
    expect(say({ ...publish, full: emptyState, k: 3, patch: {} }).ok).toBe(false)
  })

  it('refuses a delta that builds on itself or on the future', () => {
    expect(say({ ...publish, k: 4, patch: {} }).ok).toBe(false)
    expect(say({ ...publish, k: 5, patch: {} }).ok).toBe(false)
  })

  it('refuses names that every object has', () => {
    const subscribe = { action: 'subscribe', printerId: 'constructor', rid: 1 }
    expect(parseFrame(viewerToRelay, JSON.stringify(subscribe)).ok).toBe(false)
  })

  it('refuses numbers that are not finite, not integer or out of range', () => {
    for (const rid of [0, -1, 1.5, 2 ** 53, '1', null])
      expect(
        parseFrame(viewerToRelay, JSON.stringify({ action: 'subscribe', printerId: 'p', rid })).ok,
      ).toBe(false)
    expect(parseFrame(viewerToRelay, '{"action":"subscribe","printerId":"p","rid":1e999}').ok).toBe(
      false,
    )
  })

  it('ignores fields it does not know, so that a newer peer is understood', () => {
    const parsed = parseFrame(viewerToRelay, '{"action":"ping","subs":{},"later":1}')
    expect(parsed).toEqual({ ok: true, frame: { action: 'ping', subs: {} } })
  })
})
