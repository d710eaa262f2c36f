import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TablesError } from './errors.ts'

/**
 * Takes a folder for this process. LevelDB has a lock of its own, but answers it with errors that
 * end the process; so it is asked only after this file was won. Gives what frees the folder.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock')
  if (!(await written(file))) {
    const holder = await holderOf(file)
    if (holder !== undefined && isAlive(holder)) throw inUse(folder, holder)
    // Left behind by a run that was killed. Two starts at once may both come here: one wins below.
    await rm(file, { force: true })
    if (!(await written(file))) throw inUse(folder, await holderOf(file))
  }
  return () => rm(file, { force: true })
}

async function written(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** The process that wrote the file; `undefined` when it is gone or holds no number. */
async function holderOf(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const pid = Number(text.trim())
  return Number.isInteger(pid) && pid > 0 ? pid : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

const inUse = (folder: string, pid: number | undefined): TablesError =>
  new TablesError(
    'folder_in_use',
    `The data in ${folder} is in use by another run (process ${pid ?? 'unknown'}): stop that one, or give another folder with --data.`,
  )

export const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined
