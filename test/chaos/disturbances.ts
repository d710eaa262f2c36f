import type { AgentHost } from './agent-host.ts'
import { scheduledKinds, type Scheduled } from './faults.ts'
import { minute, second } from './ground.ts'
import { renewLink } from './links.ts'
import { moods } from './octoprint.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

/** What comes by itself. Each ends by itself too, or when the run settles. */
export const scheduleFaults = (world: World): void => {
  const { loop, faults } = world.ground
  for (const kind of scheduledKinds) {
    // Nothing of a run without a guest is moved by it.
    const rate = kind === 'link withdrawn' && !world.guest ? 0 : faults.rate(kind)
    if (rate === 0) continue
    const random = faults.random(kind)
    const wait = () => (-Math.log(1 - random.next()) / rate) * minute
    const happen = () => {
      if (faults.ended) return
      if (faults.take(kind)) disturb(world, kind)
      loop.after(wait(), kind, happen)
    }
    loop.after(wait(), kind, happen)
  }
}

const machinesOf = ({ hosts, devices }: World): Machine[] => [
  ...hosts.map(({ deps }) => deps.machine),
  ...devices.map(({ deps }) => deps.machine),
]

const restart = ({ ground }: World, host: AgentHost, ms: number): void => {
  host.kill()
  ground.loop.after(ms, `${host.deps.name} is started`, () => host.start())
}

const disturb = (world: World, kind: Scheduled): void => {
  const { ground, hosts, gateway, devices, operator } = world
  const { loop } = ground
  const random = ground.faults.random(kind)
  const connections = [...gateway.connections.values()]
  switch (kind) {
    case 'agent killed':
      return restart(world, random.pick(hosts), random.between(0, 40) * second)
    case 'relay killed':
      world.invocations.killAll()
      return gateway.die()
    case 'clone started': {
      const original = random.pick(hosts)
      if (hosts.length > world.printers.length + 1) return
      const name = `clone ${hosts.length} of ${original.deps.printerId}`
      const clone = world.newHost(original.deps.printerId, original.token, name)
      hosts.push(clone)
      clone.start()
      return
    }
    case 'wall clock jumps':
      random.pick(machinesOf(world)).wallOffset += random.between(-8, 8) * 60 * minute
      return
    case 'relay clock steps':
      world.clock.skew = random.between(-1.5, 1.5) * second
      return
    case 'machine sleeps': {
      const ms = random.chance(0.7)
        ? random.between(3, 60) * second
        : random.between(1, 12) * minute
      const how = random.chance(0.5) ? 'monotonic stands still' : 'timers late'
      const machine = random.pick(machinesOf(world))
      ground.note(`${machine.name} sleeps ${ms.toFixed(0)} ms, ${how}`)
      return machine.sleep(ms, how)
    }
    case 'connection dies silently':
      if (connections.length > 0) gateway.silence(random.pick(connections))
      return
    case 'connection cut':
      if (connections.length > 0) gateway.cut(random.pick(connections))
      return
    case 'octoprint away': {
      const octoprint = random.pick([...world.octoprints.values()])
      octoprint.mood = random.pick(moods)
      ground.note(`OctoPrint is ${octoprint.mood}`)
      loop.after(random.between(1, 90) * second, 'OctoPrint is well', () => {
        octoprint.mood = 'well'
      })
      return
    }
    case 'person revoked': {
      const guests = devices.filter(({ who }) => who !== 'user:owner' && who !== 'guest')
      if (guests.length === 0) return
      const { who } = random.pick(guests)
      const printerId = random.pick(world.printers)
      if (operator.revoked.has(`${who} ${printerId}`)) return
      operator.revoke(who, printerId)
      loop.after(random.between(8, 90) * second, `grant ${who} anew`, () => {
        operator.grant(who, printerId)
      })
      return
    }
    case 'token rotated': {
      if (operator.busy) return
      const printerId = random.pick(world.printers)
      operator.rotate(printerId, (token) => {
        const host = hosts.find(({ deps }) => deps.printerId === printerId)
        if (!host) return
        host.token = token
        loop.after(random.between(0, 60) * second, 'the new token is set', () =>
          restart(world, host, random.between(0, 5) * second),
        )
      })
      return
    }
    case 'link withdrawn': {
      const { guest } = world
      if (!guest || guest.seat.withdrawn || operator.busy) return
      guest.seat.withdrawn = true
      operator.withdraw(guest.seat.link)
      loop.after(random.between(8, 90) * second, 'a new link is made', () =>
        renewLink(world, guest),
      )
      return
    }
    default:
      return kind satisfies never
  }
}

/** What people do all the time. */
export const schedulePeople = (world: World): void => {
  const { loop, random, faults } = world.ground
  const slowness = world.long ? 8 : 1
  for (const device of world.devices) {
    const act = () => {
      if (faults.ended) return
      const printerId = random.pick(world.printers)
      const { page } = device
      if (!page) {
        device.load()
        device.watch(printerId)
      } else if (random.chance(0.12)) device.leave(random.chance(0.5))
      else if (random.chance(0.2)) {
        page.visible = !page.visible
        page.client.setVisible(page.visible)
      } else if (random.chance(0.1)) page.client.hurry()
      else if (page.watching.has(printerId)) device.unwatch(printerId)
      else device.watch(printerId)
      loop.after(random.between(0.5, 60) * second * slowness, `${device.deps.name} acts`, () =>
        device.deps.machine.arrives('somebody acts', act),
      )
    }
    loop.after(random.between(0, 10) * second, `${device.deps.name} acts`, act)
  }
}
