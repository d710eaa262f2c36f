import { describe, expect, it } from 'vitest'
import { printerKey } from '../../functions/relay/table/keys.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import type { Value } from '../../functions/relay/table/table.ts'
import { guest, helloOf, makeWorld, printerId, startOfTime, type World } from '../model/world.ts'

const newest = { kind: 'newest', below: undefined, limit: 10 } as const
const anyTime = { from: undefined, to: undefined, resolution: undefined }
const reads: Readonly<Record<string, (relay: Relay) => Promise<unknown>>> = {
  printer: (relay) => relay.printerView(guest, printerId),
  events: (relay) => relay.events(guest, printerId, newest),
  history: (relay) => relay.history(guest, printerId, anyTime),
  prints: (relay) => relay.prints(guest, printerId, { before: undefined, limit: 10 }),
}

const scene = async () => {
  const world = await makeWorld({ start: startOfTime })
  await world.said(await world.agent('agent-1', startOfTime), helloOf(1))
  return world
}

const withdraw = async ({ ports }: World) => {
  const item = await ports.directory.get(printerKey(printerId))
  const { [guest]: gone, ...viewers } = item?.['viewers'] as Record<string, Value>
  expect(gone).toBeDefined()
  await ports.directory.put({ ...item, ...printerKey(printerId), viewers })
}

/** The handler stands still once, for so long (ms), after it looked at the right. */
const freezes = ({ ports, clock }: World, ms: number, meanwhile: () => Promise<void>) => {
  const { directory, live } = ports
  const [query, get] = [directory.query.bind(directory), live.get.bind(live)]
  let frozen = false
  const freeze = async () => {
    if (frozen) return
    frozen = true
    await meanwhile()
    clock.now += ms
  }
  directory.query = async (wish) => {
    // A person's own list of what to look at: no right was looked at yet.
    if (!wish.pk.startsWith('U#')) await freeze()
    return query(wish)
  }
  live.get = async (key) => {
    await freeze()
    return get(key)
  }
}

// §5: "revocation answered → nothing after 5 s"
describe.each(Object.entries(reads))('a read of %s that is frozen in its middle', (_, read) => {
  it('is refused when the right was withdrawn meanwhile', async () => {
    const world = await scene()
    freezes(world, 6000, () => withdraw(world))
    await expect(read(world.relay)).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each([6000, -6000])('is answered when the right still stands: %i ms', async (ms) => {
    const world = await scene()
    freezes(world, ms, async () => {})
    expect(await read(world.relay)).toBeDefined()
  })
})

// What is not in a list does not exist, so a list is not refused but shorter.
describe('a list that is frozen in its middle', () => {
  const idsOf = async ({ relay }: World) =>
    (await relay.listPrinters(guest)).printers.map(({ id }) => id)

  it('leaves out what was withdrawn meanwhile', async () => {
    const world = await scene()
    freezes(world, 6000, () => withdraw(world))
    expect(await idsOf(world)).toEqual([])
  })

  it.each([6000, -6000])('has what still stands: %i ms', async (ms) => {
    const world = await scene()
    freezes(world, ms, async () => {})
    expect(await idsOf(world)).toEqual([printerId])
  })
})

it.each(Object.entries(reads))('a quick read of %s looks at the right once', async (_, read) => {
  const world = await scene()
  const { directory } = world.ports
  const get = directory.get.bind(directory)
  const looks: string[] = []
  directory.get = async (key) => {
    looks.push(key.sk)
    return get(key)
  }
  await read(world.relay)
  expect(looks.filter((sk) => sk === 'PRINTER')).toHaveLength(1)
})
