import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { addUser, listUsers, removeUser, type Account } from '../../local/issuer/accounts.ts'
import { foldersIn } from '../../local/run/home.ts'
import { readOptions } from '../../local/run/options.ts'
import { start, type Running } from '../../local/run/start.ts'
import { openClient } from '../local/gateway/client.ts'
import { silent } from '../support/relay.ts'
import { watcherOf } from '../support/watcher.ts'

let dir: string
let ada: Account
let running: Running | undefined

const issuerDir = () => foldersIn(dir).issuer
const added = (name: string) =>
  addUser(issuerDir(), { email: `${name}@example.org`, password: 'correct horse', name })

/** As people who serve others run it: behind a proxy, with accounts, without the demo. */
const startPublic = async (): Promise<Running> => {
  const args = ['--port', '0', '--data', dir, '--public-url', 'https://relay.example']
  running = await start(readOptions(args, {}), { log: silent, scenario: undefined, agent: false })
  return running
}
const stop = async () => {
  await running?.stop()
  running = undefined
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fluxrelay-accounts-'))
  ada = await added('ada')
})
afterEach(async () => {
  await stop()
  await rm(dir, { recursive: true, force: true })
})

/** A viewer's connection that watches the printer; its frames. */
const watching = async ({ relay, internal, home }: Running, { sub }: Account) => {
  const { ticket } = await relay.issueTicket(watcherOf(userPrincipal(sub), Date.now() + 3_600_000))
  const url = `${internal.replace('http', 'ws')}/ws?ticket=${ticket}`
  const client = await openClient(url, { protocols: ['fluxrelay.v1'] })
  client.say({ action: 'subscribe', printerId: home.printerId, rid: 1 })
  return client
}

const typesUntil = async (client: Awaited<ReturnType<typeof watching>>, type: string) => {
  for (;;) {
    const frame = JSON.parse(await client.frames.next()) as { type: string; reason?: string }
    if (frame.type === type) return frame
  }
}

const roles = async ({ relay }: Running, { sub }: Account) =>
  (await relay.listPrinters(userPrincipal(sub))).printers.map(({ role }) => role)

it('lets the first account own the site and the others watch it', async () => {
  const bob = await added('bob')
  const relay = await startPublic()
  expect(await roles(relay, ada)).toEqual(['owner'])
  expect(await roles(relay, bob)).toEqual(['viewer'])
})

/** Resolves when the running relay has let somebody in. */
const letIn = ({ relay }: Running): Promise<void> =>
  new Promise((resolve) => {
    const grantOnSite = relay.grantOnSite.bind(relay)
    relay.grantOnSite = async (...grant) => {
      await grantOnSite(...grant)
      resolve()
    }
  })

it('takes new accounts over while it runs, and lets removed ones go with their connections', async () => {
  const relay = await startPublic()
  const granted = letIn(relay)
  const bob = await added('bob')
  await granted
  const [adas, bobs] = await Promise.all([watching(relay, ada), watching(relay, bob)])
  await Promise.all([typesUntil(adas, 'subscribed'), typesUntil(bobs, 'subscribed')])
  await removeUser(issuerDir(), 'bob@example.org')
  expect(await typesUntil(bobs, 'closing')).toMatchObject({ reason: 'access_revoked' })
  await bobs.closed
  expect(await roles(relay, bob)).toEqual([])
  expect(await roles(relay, ada)).toEqual(['owner'])
  expect(adas.socket.readyState).toBe(adas.socket.OPEN)
  adas.socket.terminate()
})

it('takes over at its start what changed while it was stopped, the owner too', async () => {
  const bob = await added('bob')
  await startPublic()
  await stop()
  await removeUser(issuerDir(), 'ada@example.org')
  const relay = await startPublic()
  expect(await roles(relay, ada)).toEqual([])
  expect(await roles(relay, bob)).toEqual(['owner'])
})

const person = (account: Account) => ({
  ...watcherOf(userPrincipal(account.sub), Date.now() + 3_600_000),
  ...{ email: account.email, name: account.name },
})

it('gives an invited account what it accepted and nothing else, and lets it go with its account', async () => {
  const { relay, home } = await startPublic()
  const invite = await relay.invite(person(ada), home.siteId, {
    ...{ role: 'viewer', printerId: home.printerId, email: 'vera@example.org' },
  })
  expect(invite.account?.link).toMatch(/^https:\/\/relay\.example(:\d+)?\/oidc\/welcome#/)
  const [, vera] = await listUsers(issuerDir())
  if (!vera || !running) throw new TypeError('no account was made')
  await stop()
  const again = await startPublic()
  expect(await roles(again, vera)).toEqual([])
  await again.relay.acceptInvitation(person(vera), invite.secret)
  const granted = letIn(again)
  await added('bob')
  await granted
  expect(await roles(again, vera)).toEqual(['viewer'])
  await stop()
  await removeUser(issuerDir(), 'vera@example.org')
  expect(await roles(await startPublic(), vera)).toEqual([])
})

it('leaves roles as owners set them, though it starts anew', async () => {
  const bob = await added('bob')
  const carl = await added('carl')
  const { relay, home } = await startPublic()
  const change = { who: userPrincipal(bob.sub), role: 'owner' } as const
  await relay.changeRole(person(ada), home.siteId, change)
  await relay.removePerson(person(ada), home.siteId, { who: userPrincipal(carl.sub) })
  await relay.leaveSite(person(ada), home.siteId)
  await stop()
  const again = await startPublic()
  expect(await roles(again, ada)).toEqual([])
  expect(await roles(again, bob)).toEqual(['owner'])
  expect(await roles(again, carl)).toEqual([])
})
