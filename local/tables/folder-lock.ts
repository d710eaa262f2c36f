import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TablesError } from './errors.ts'
import { levelAt, reasonOf, type Level } from './level.ts'

/**
 * Takes a folder for this process; gives what frees it. The lock is that of an empty LevelDB beside
 * the data: the system frees it with the process, so none is ever left behind, as a file with a
 * process id is, whose number may be another's by then. The data's own lock would come too late:
 * dynalite ends the process when it can't have it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const guard = await openGuard(folder)
  // Only for telling others who has the folder.
  await writeFile(pidFile(folder), `${process.pid}\n`, { mode: 0o600 })
  return async () => {
    await rm(pidFile(folder), { force: true })
    await guard.close()
  }
}

async function openGuard(folder: string): Promise<Level> {
  const path = join(folder, 'guard')
  try {
    return await opened(path)
  } catch (error) {
    if (reasonOf(error) === 'LEVEL_LOCKED') throw inUse(folder, await holder(folder))
    // It holds nothing, so a damaged one is no loss.
    await rm(path, { recursive: true, force: true })
    return opened(path)
  }
}

async function opened(path: string): Promise<Level> {
  const guard = levelAt(path, { createIfMissing: true })
  await guard.open()
  return guard
}

const pidFile = (folder: string): string => join(folder, 'pid')
const holder = async (folder: string): Promise<string> =>
  (await readFile(pidFile(folder), 'utf8').catch(() => '')).trim() || 'unknown'

const inUse = (folder: string, pid: string): TablesError =>
  new TablesError(
    'folder_in_use',
    `The data in ${folder} is in use by another run (process ${pid}): stop that one, or give another folder with --data.`,
  )
