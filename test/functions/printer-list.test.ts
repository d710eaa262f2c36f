import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../functions/relay/hash.ts'
import { printersOfSite } from '../../functions/relay/people/scope.ts'
import { limits } from '../../protocol/limits.ts'
import { guestBy, shareIn } from '../model/guests.ts'
import { guest, makeWorld, owner, printerId, siteId } from '../model/world.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { scheduled } from '../support/scheduled-table.ts'

/** Of a site as large as it may be. Their hashes are in another order than they were made in. */
const names = Array.from({ length: limits.printersPerSite - 1 }, (_, i) =>
  sha256(String(i)).slice(0, 20),
)

/** How many rounds of waiting for the tables a run has, each of all calls that are under way. */
const roundsOf = async <T>(rounds: { now: number }, run: () => Promise<T>) => {
  rounds.now = 0
  const answer = await run()
  return { answer, waited: rounds.now }
}

const scene = async () => {
  const rounds = { now: 0 }
  let underWay = 0
  const world = await makeWorld({
    through: (table) =>
      scheduled(table, {
        turn: async ({ when }) => {
          if (when === 'after') return
          if (underWay === 0) rounds.now += 1
          underWay += 1
          await setImmediate()
          underWay -= 1
        },
      }),
  })
  for (const id of names)
    await world.relay.provisionPrinter({ siteId, printerId: id, name: 'Voron', tokenHash: id })
  return { world, rounds }
}

describe('the list of printers', () => {
  it('of a whole site is read many at once, and answered in order', async () => {
    const { world, rounds } = await scene()
    expect(await printersOfSite(world.ports, siteId)).toHaveLength(limits.printersPerSite)
    const { secret } = await shareIn(world, { printerId: undefined })
    const { principal } = await guestBy(world, secret)
    for (const who of [owner, principal]) {
      const { answer, waited } = await roundsOf(rounds, () => world.relay.listPrinters(who))
      expect(answer.printers.map(({ id }) => id)).toEqual([...names, printerId].toSorted())
      expect(waited).toBeLessThan(limits.printersPerSite / 4)
    }
  })

  it('let in to singly is read so too', async () => {
    const { world, rounds } = await scene()
    for (const id of names) await grantOnPrinter(world.ports, id, guest)
    const { answer, waited } = await roundsOf(rounds, () => world.relay.listPrinters(guest))
    expect(answer.printers.map(({ id }) => id)).toEqual([...names, printerId].toSorted())
    expect(waited).toBeLessThan(limits.printersPerSite / 4)
  })
})
