import type * as z from 'zod/mini'
import { describeIssues } from '../../../protocol/parse-frame.ts'
import { DamagedItemError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import type { Item, Key, Table } from './table.ts'

/** An item as its schema says, or a `DamagedItemError`. */
export const parseItem = <Schema extends z.ZodMiniType>(
  schema: Schema,
  item: Item,
): z.infer<Schema> => {
  const result = schema.safeParse(item)
  if (result.success) return result.data
  throw new DamagedItemError(item, describeIssues(result.error.issues))
}

/** Reads and parses one item consistently. */
export const readItem = async <Schema extends z.ZodMiniType>(
  table: Table,
  schema: Schema,
  key: Key,
): Promise<z.infer<Schema> | undefined> => {
  const item = await table.get(key)
  return item && parseItem(schema, item)
}

/** For items beside others: tells of a damaged one and leaves it out, so that it harms nobody. */
export const unlessDamaged = <T>(ports: Ports, read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    return toldDamage(ports, error)
  }
}

/** The same for what reads by itself. */
export const unlessDamagedAsync = async <T>(
  ports: Ports,
  read: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    return await read()
  } catch (error) {
    return toldDamage(ports, error)
  }
}

const toldDamage = (ports: Ports, error: unknown): undefined => {
  if (!(error instanceof DamagedItemError)) throw error
  ports.metrics.count('fluxrelay_damaged_items_total')
  ports.log.error({ code: error.code, key: error.key.sk }, error.message)
}

/** A text that should be JSON; undefined where it is not. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
