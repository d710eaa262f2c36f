import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openGuard } from '../level/guard.ts'
import { TablesError } from './errors.ts'

/**
 * Takes a folder for this process; gives what frees it. The data's own lock would come too late:
 * dynalite ends the process when it can't have it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const guard = await openGuard(join(folder, 'guard'))
  if (!guard) throw inUse(folder, await holder(folder))
  // Only for telling others who has the folder.
  await writeFile(pidFile(folder), `${process.pid}\n`, { mode: 0o600 })
  return async () => {
    await rm(pidFile(folder), { force: true })
    await guard.close()
  }
}

const pidFile = (folder: string): string => join(folder, 'pid')
const holder = async (folder: string): Promise<string> =>
  (await readFile(pidFile(folder), 'utf8').catch(() => '')).trim() || 'unknown'

const inUse = (folder: string, pid: string): TablesError =>
  new TablesError(
    'folder_in_use',
    `The data in ${folder} is in use by another run (process ${pid}): stop that one, or give another folder with --data.`,
  )
