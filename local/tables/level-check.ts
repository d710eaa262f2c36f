import { levelAt } from '../level/level.ts'

/** Where dynalite keeps the descriptions of tables. */
const tableKeys = 'table~'

/**
 * Opens the database once before dynalite does, which would end the process on one that it can't
 * open. Fails as LevelDB fails; gives the names of the tables.
 */
export async function tablesIn(path: string): Promise<string[]> {
  const level = levelAt(path, { createIfMissing: false })
  await level.open()
  try {
    const keys = await level.keys({ gte: tableKeys, lt: `${tableKeys}\uffff` }).all()
    return keys.map((key) => key.slice(tableKeys.length))
  } finally {
    await level.close()
  }
}
