import { describe, expect, it } from 'vitest'
import { createRelay } from '../../functions/relay/create-relay.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { mirroredShares } from '../../functions/relay/shares/site-shares.ts'
import { guestConnected, personOf, shareIn } from '../model/guests.ts'
import { makeWorld, owner, siteId, subscribeOf } from '../model/world.ts'

const guests = 12
const printers = 20
const guestIds = Array.from({ length: guests }, (_, i) => `guest-${i}`)
const printerIds = Array.from({ length: printers }, (_, i) => `printer-of-many-${i}`)

class GatewayFault extends Error {}

/** A site link whose guests all watch all printers, and one more guest who watches none. */
const scene = async () => {
  const live = memoryTable()
  const world = await makeWorld({ live })
  for (const printerId of printerIds)
    await world.relay.provisionPrinter({ siteId, printerId, name: 'Voron', tokenHash: printerId })
  const { id, secret } = await shareIn(world, { printerId: undefined })
  for (const guestId of guestIds) {
    const guest = await guestConnected(world, secret, guestId)
    for (const printerId of printerIds) await world.said(guest, subscribeOf(1, printerId))
  }
  await guestConnected(world, secret, 'guest-idle')
  const calls: string[] = []
  const failing = new Set<string>()
  const { sender } = world.ports
  const ports: typeof world.ports = {
    ...world.ports,
    sender: {
      ...sender,
      send: (connectionId, text) => {
        calls.push(`POST ${connectionId}`)
        return sender.send(connectionId, text)
      },
      close: async (connectionId) => {
        calls.push(`DELETE ${connectionId}`)
        if (failing.has(connectionId)) throw new GatewayFault(`no answer for ${connectionId}`)
        await sender.close(connectionId)
      },
    },
  }
  const relay = createRelay(ports, { origins: [], admission: noRule })
  const entries = () => live.items().filter(({ sk }) => sk.startsWith('SUB#'))
  const withdraw = () => relay.revokeShare(personOf(owner), siteId, id)
  return { world, ports, calls, failing, entries, withdraw }
}

const noRule = { emails: [], domains: [], group: undefined } as const

describe('withdrawing the link of a whole site', () => {
  it('says goodbye to each guest once, however many printers they watch', async () => {
    const { world, calls, entries, withdraw } = await scene()
    expect(entries()).toHaveLength(guests * printers)
    await withdraw()
    const everybody = [...guestIds, 'guest-idle']
    expect(calls.toSorted()).toEqual(
      everybody.flatMap((id) => [`DELETE ${id}`, `POST ${id}`]).toSorted(),
    )
    expect(entries()).toEqual([])
    expect(everybody.filter((id) => world.open.has(id))).toEqual([])
  })

  it('tries every guest, and its repetition goes on with who was left', async () => {
    const { world, ports, calls, failing, entries, withdraw } = await scene()
    for (const id of ['guest-0', 'guest-7']) failing.add(id)
    await expect(withdraw()).rejects.toBeInstanceOf(GatewayFault)
    expect(guestIds.filter((id) => world.open.has(id))).toEqual(['guest-0', 'guest-7'])
    expect(entries()).toHaveLength(2 * printers)
    expect(await mirroredShares(ports, siteId)).toHaveLength(1)
    failing.clear()
    calls.length = 0
    await withdraw()
    expect(calls).toContain('DELETE guest-7')
    expect([...world.open]).toEqual([])
    expect(entries()).toEqual([])
    expect(await mirroredShares(ports, siteId)).toEqual([])
  })

  it('answers when all have ended, though their entries are too many to delete in time', async () => {
    const { world, ports, entries } = await scene()
    const slow: typeof ports = {
      ...ports,
      live: {
        ...ports.live,
        delete: (key, when) => {
          if (key.sk.startsWith('SUB#')) world.clock.now += 100
          return ports.live.delete(key, when)
        },
      },
    }
    const [link] = await mirroredShares(slow, siteId)
    const relay = createRelay(slow, { origins: [], admission: noRule })
    await relay.revokeShare(personOf(owner), siteId, link?.hash ?? '')
    expect([...world.open]).toEqual([])
    expect(entries().length).toBeGreaterThan(guests)
    expect(await mirroredShares(slow, siteId)).toEqual([])
  })
})
