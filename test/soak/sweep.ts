import type { MemoryTable } from '../../functions/relay/table/memory-table.ts'
import type { Item } from '../../functions/relay/table/table.ts'
import { minute } from '../chaos/ground.ts'
import type { SoakWorld } from './soak-world.ts'

/** DynamoDB deletes what expired when it gets to it; here so late, ms … */
export const sweepLateness = 30 * minute
/** … and so often. */
export const sweepEvery = 30 * minute

export const expiryOf = (item: Item): number =>
  typeof item['expiresAt'] === 'number' ? item['expiresAt'] * 1000 : Infinity

const sweep = async (world: SoakWorld, table: MemoryTable): Promise<void> => {
  const limit = world.now() - sweepLateness
  for (const item of table.items()) {
    if (expiryOf(item) >= limit) continue
    world.tally.count(`swept ${item.sk.split('#')[0]}`)
    await table.delete(item)
  }
}

export const scheduleSweeps = (world: SoakWorld): void => {
  const { loop } = world.ground
  const again = () => {
    void sweep(world, world.live)
    void sweep(world, world.directory)
    loop.after(sweepEvery, 'the sweeper comes', again)
  }
  loop.after(sweepEvery, 'the sweeper comes', again)
}
