import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairingRedeemHandler } from '../../functions/handlers/pairing-redeem.ts'
import { checkAgentToken, readPrinter } from '../../functions/relay/publishing/agent-token.ts'
import { randomCode } from '../../functions/relay/pairing/pairing.ts'
import { rateLimits } from '../../functions/relay/limits/rate-limits.ts'
import { sourceOf } from '../../functions/relay/limits/source.ts'
import { limits } from '../../protocol/limits.ts'
import {
  pairingCodeSchema,
  pairingLength,
  pairingLetters,
  shownCode,
} from '../../protocol/pairing-code.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { mortal } from '../model/actors.ts'
import { explore, type Scenario } from '../model/explore.ts'
import { guest, makeWorld, owner, printerId, siteId, type World } from '../model/world.ts'
import { personOf } from '../support/person.ts'

const boss = personOf('owner')
const visitor = personOf('guest')
const newCode = (world: World, name = 'Prusa') => world.relay.newPrinterCode(boss, siteId, name)
const redeem = (world: World, code: string, address = '203.0.113.7') =>
  world.relay.redeemCode(address, () => ({ code: pairingCodeSchema.parse(code), version: '1' }))
const notValid = { code: 'secret_not_valid' }
const actions = async (world: World): Promise<string[]> =>
  (await world.relay.audit(owner, siteId, undefined)).entries.map(({ action }) => action)

describe('a code for a new printer', () => {
  it('makes a printer of the site with a token that works', async () => {
    const world = await makeWorld()
    const { code, until } = await newCode(world, 'Принтер 3')
    expect(until).toBe(world.clock.now + timeOuts.pairingCode)
    const made = await redeem(world, code)
    expect(made).toMatchObject({ name: 'Принтер 3', rotates: false })
    expect(await checkAgentToken(world.ports, made.token)).toEqual({
      ...{ printerId: made.printerId, version: 1 },
    })
    const { printers } = await world.relay.listPrinters(owner)
    expect(printers.map(({ name }) => name).sort()).toEqual(['Voron', 'Принтер 3'])
    expect(await actions(world)).toEqual(expect.arrayContaining(['printer_code', 'printer_paired']))
  })

  it('is taken as people type it', async () => {
    const world = await makeWorld()
    const { code } = await newCode(world)
    expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    await redeem(world, ` ${code.toLowerCase().replace('-', ' ')} `)
  })

  it('works once', async () => {
    const world = await makeWorld()
    const { code } = await newCode(world)
    await redeem(world, code)
    await expect(redeem(world, code)).rejects.toMatchObject(notValid)
  })

  it('works for one of two who come at once, and makes one printer', async () => {
    const world = await makeWorld()
    const { code } = await newCode(world)
    const both = await Promise.allSettled([redeem(world, code), redeem(world, code, '::1')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await world.relay.listPrinters(owner)).printers).toHaveLength(2)
  })

  it('works for ten minutes', async () => {
    const world = await makeWorld()
    const { code } = await newCode(world)
    world.clock.now += timeOuts.pairingCode
    await expect(redeem(world, code)).rejects.toMatchObject(notValid)
  })

  it('says the same of an unknown, a used and an old one', async () => {
    const world = await makeWorld()
    const used = await newCode(world)
    await redeem(world, used.code)
    const old = await newCode(world)
    world.clock.now += timeOuts.pairingCode
    const said = await Promise.all(
      [used.code, old.code, 'AAAA-AAAA'].map((code) =>
        redeem(world, code).catch((error: unknown) => String(error)),
      ),
    )
    expect(new Set(said).size).toBe(1)
  })

  it('works no more once whoever asked for it owns the site no more', async () => {
    const world = await makeWorld()
    const { code } = await newCode(world)
    await world.relay.grantOnSite(siteId, 'user:second', 'owner')
    await world.relay.revokeOnSite(siteId, owner)
    await expect(redeem(world, code)).rejects.toMatchObject(notValid)
    expect((await world.relay.listPrinters('user:second')).printers).toHaveLength(1)
  })

  it('is given to owners alone', async () => {
    const world = await makeWorld()
    await world.relay.grantOnSite(siteId, visitor.principal, 'viewer')
    const asked = (who: string) => world.relay.newPrinterCode(personOf(who), siteId, 'X')
    await expect(asked('guest')).rejects.toMatchObject({ code: 'not_owner' })
    await expect(asked('stranger')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is refused where a site has as many printers as it may, and so is its use', async () => {
    const world = await makeWorld()
    const { code } = await newCode(world)
    for (let n = 1; n < limits.printersPerSite; n += 1)
      await world.relay.provisionPrinter({
        ...{ siteId, printerId: `p-${n}`, name: 'P', tokenHash: n.toString(16).padStart(64, '0') },
      })
    await expect(newCode(world)).rejects.toMatchObject({ code: 'limit_reached' })
    await expect(redeem(world, code)).rejects.toMatchObject({ code: 'limit_reached' })
  })

  it('is stored as its hash, and is in no log', async () => {
    const world = await makeWorld()
    const { code } = await newCode(world)
    const { token } = await redeem(world, code)
    const kept = JSON.stringify([
      ...(await world.ports.directory.query({ pk: `A#${siteId}` })).items,
      world.logged,
      await readPrinter(world.ports, printerId),
    ])
    for (const secret of [code, code.replace('-', ''), token]) expect(kept).not.toContain(secret)
  })

  it('leaves nothing behind when its use is killed anywhere but what the next use mends', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const world = await makeWorld()
        const { code } = await newCode(world)
        return {
          world,
          actors: [
            mortal({
              name: 'redeem',
              run: async (relay) => {
                await relay.redeemCode('192.0.2.1', () => ({
                  ...{ code: pairingCodeSchema.parse(code), version: '1' },
                }))
              },
            }),
          ],
          check: async () => {
            // A mirror without a printer is dropped when it is read; another code makes another.
            const again = await redeem(world, (await newCode(world)).code)
            const { printers } = await world.relay.listPrinters(owner)
            expect(printers.map(({ id }) => id)).toContain(again.printerId)
            expect(printers.length).toBeLessThanOrEqual(3)
          },
        }
      },
      { points: ({ when }) => when === 'before' },
    )
  })
})

describe('a code of an owner who is removed while it is used', () => {
  it('makes the printer of the site, or leaves nothing of it', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const world = await makeWorld()
        await world.relay.grantOnSite(siteId, 'user:second', 'owner')
        const { code } = await newCode(world)
        let token: string | undefined
        return {
          world,
          actors: [
            {
              name: 'redeem',
              run: async (relay) => {
                const read = () => ({ code: pairingCodeSchema.parse(code), version: '1' })
                token = (await relay.redeemCode('192.0.2.1', read).catch(() => undefined))?.token
              },
            },
            { name: 'remove', run: (relay) => relay.revokeOnSite(siteId, owner) },
          ],
          check: async () => {
            const { printers } = await world.relay.listPrinters('user:second')
            expect(printers).toHaveLength(token === undefined ? 1 : 2)
          },
        }
      },
      {
        points: (point) =>
          point.when === 'before' &&
          'key' in point &&
          (point.key.sk === 'SITE' || point.key.sk === 'PRINTER'),
      },
    )
  })
})

describe('a code for another token', () => {
  it('gives a token of the same printer', async () => {
    const world = await makeWorld()
    const { code } = await world.relay.newTokenCode(boss, printerId)
    const given = await redeem(world, code)
    expect(given).toMatchObject({ printerId, name: 'Voron', rotates: true })
    expect(await checkAgentToken(world.ports, given.token)).toEqual({ printerId, version: 2 })
    expect(await actions(world)).toContain('token_added')
  })

  it('is given to owners alone', async () => {
    const world = await makeWorld()
    const asked = (who: string) => world.relay.newTokenCode(personOf(who), printerId)
    await expect(asked('guest')).rejects.toMatchObject({ code: 'not_owner' })
    await expect(asked('stranger')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('works no more once the printer is removed', async () => {
    const world = await makeWorld()
    const { code } = await world.relay.newTokenCode(boss, printerId)
    await world.relay.removePrinter(boss, printerId)
    await expect(redeem(world, code)).rejects.toMatchObject(notValid)
  })
})

describe('tries of a code', () => {
  const event = (address: string, body: unknown) => ({
    ...{ routeKey: 'POST /v1/pairing/redeem', headers: {}, body: JSON.stringify(body) },
    requestContext: { requestId: 'r', http: { sourceIp: address } },
  })
  const tryOne = (world: World, address: string, body: unknown = { code: 'AAAA', version: '1' }) =>
    pairingRedeemHandler(world.relay)(event(address, body))

  it('are limited for each address, nonsense too, and let in again afterwards', async () => {
    const world = await makeWorld()
    for (let n = 0; n < rateLimits.pairing.burst; n += 1)
      expect((await tryOne(world, '192.0.2.1')).statusCode).toBe(400)
    const over = await tryOne(world, '192.0.2.1')
    expect(over).toMatchObject({ statusCode: 429, headers: { 'Retry-After': '60' } })
    expect(JSON.parse(over.body)).toMatchObject({
      error: { code: 'rate_limited', retryAfter: rateLimits.pairing.everyMs },
    })
    expect((await tryOne(world, '192.0.2.2')).statusCode).toBe(400)
    world.clock.now += rateLimits.pairing.everyMs
    expect((await tryOne(world, '192.0.2.1')).statusCode).toBe(400)
  })

  it('are limited for everybody together', async () => {
    const world = await makeWorld()
    const { burst, everyMs } = rateLimits.pairingOfAll
    const statuses: number[] = []
    for (let n = 0; n <= burst; n += 1)
      statuses.push((await tryOne(world, `192.0.2.${n}`)).statusCode)
    expect(statuses.slice(0, -1).every((status) => status === 400)).toBe(true)
    expect(statuses.at(-1)).toBe(429)
    world.clock.now += everyMs
    expect((await tryOne(world, '198.51.100.1')).statusCode).toBe(400)
  })

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('count %s as %s', (address, source) => {
    expect(sourceOf(address)).toBe(source)
  })
})

describe('the letters of a code', () => {
  it('are each as likely as the others', () => {
    const counts = new Map<string, number>()
    let at = 0
    const everyByte = (count: number) => Uint8Array.from({ length: count }, () => at++ % 256)
    for (let n = 0; n < 253; n += 1)
      for (const letter of randomCode(everyByte)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    const seen = [...counts.values()]
    expect(seen).toHaveLength(pairingLetters.length)
    expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(16)
  })

  it('read back what is shown', () => {
    const letter = fc.constantFrom(...pairingLetters)
    const letters = fc.array(letter, { minLength: pairingLength, maxLength: pairingLength })
    fc.assert(
      fc.property(letters, (one) => {
        const code = one.join('')
        expect(pairingCodeSchema.parse(shownCode(code).toLowerCase())).toBe(code)
      }),
    )
  })

  it('never begin again from bytes that favour some', () => {
    const bytes = [255, 254, 253, ...Array.from({ length: 13 }, () => 0)]
    expect(randomCode(() => Uint8Array.from(bytes))).toBe('AAAAAAAA')
  })
})

it('asking for codes is limited for each person', async () => {
  const world = await makeWorld()
  const { burst, everyMs } = rateLimits.codes
  for (let n = 0; n < burst; n += 1) await newCode(world)
  await expect(newCode(world)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: everyMs })
  await world.relay.grantOnSite(siteId, guest, 'owner')
  await world.relay.newPrinterCode(visitor, siteId, 'Other')
  world.clock.now += everyMs
  await newCode(world)
})
