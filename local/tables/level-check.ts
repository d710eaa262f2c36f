import { createRequire } from 'node:module'

interface Level {
  open(): Promise<void>
  close(): Promise<void>
  keys(range: { gte: string; lt: string }): { all(): Promise<string[]> }
}
type LevelClass = new (path: string, options: { createIfMissing: boolean }) => Level

/**
 * Opens the database once before dynalite does, which would end the process on one that it can't
 * open. Fails as LevelDB fails; gives the names of the tables.
 */
export async function tablesIn(path: string): Promise<string[]> {
  const level = new (levelOfDynalite())(path, { createIfMissing: false })
  await level.open()
  try {
    const keys = await level.keys({ gte: tableKeys, lt: `${tableKeys}\uffff` }).all()
    return keys.map((key) => key.slice(tableKeys.length))
  } finally {
    await level.close()
  }
}

/** Where dynalite keeps the descriptions of tables. */
const tableKeys = 'table~'

/** The very copy that dynalite opens, wherever the package manager put it. */
function levelOfDynalite(): LevelClass {
  const here = createRequire(import.meta.url)
  const dynalites = createRequire(here.resolve('dynalite'))
  return (dynalites('level') as { Level: LevelClass }).Level
}
