import { describe, expect, it } from 'vitest'
import { keptFor } from '../../functions/relay/table/expiry.ts'
import { limits } from '../../protocol/limits.ts'
import type { AuditEntry } from '../../protocol/rest-audit.ts'
import { makeWorld, owner, siteId } from '../model/world.ts'
import { personOf } from '../support/person.ts'

const day = 86_400_000
const boss = personOf('owner')
const viewer = { role: 'viewer' } as const

/** So many invitations, a minute apart. */
const invitedOften = async (times: number) => {
  const world = await makeWorld()
  for (let n = 0; n < times; n++) {
    const { id } = await world.relay.invite(boss, siteId, viewer)
    await world.relay.withdrawInvitation(boss, siteId, id)
    world.clock.now += 60_000
  }
  return world
}

const everyPage = async ({ relay }: Awaited<ReturnType<typeof makeWorld>>) => {
  const pages: (readonly AuditEntry[])[] = []
  for (let before: string | undefined; ;) {
    const page = await relay.audit(owner, siteId, before)
    pages.push(page.entries)
    before = page.before
    if (before === undefined) return pages
  }
}

describe('the audit of a site', () => {
  it('is read by pages, newest first, each entry once', async () => {
    const world = await invitedOften(limits.auditPerPage)
    const pages = await everyPage(world)
    const entries = pages.flat()
    expect(Math.max(...pages.map(({ length }) => length))).toBe(limits.auditPerPage)
    expect(pages.length).toBeGreaterThan(1)
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    const times = entries.map(({ at }) => at)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    const withdrawn = entries.filter(({ action }) => action === 'invitation_withdrawn')
    expect(withdrawn).toHaveLength(limits.auditPerPage)
  })

  it('goes back ninety days and no further, however late they are swept', async () => {
    expect(keptFor.audit).toBe(90 * day)
    const world = await invitedOften(1)
    world.clock.now += 90 * day - 120_000
    expect((await everyPage(world)).flat().length).toBeGreaterThan(0)
    world.clock.now += 180_000
    expect((await everyPage(world)).flat()).toEqual([])
  })
})
