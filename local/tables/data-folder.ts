import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../agent/disk/make-folders.ts'
import { serveDynalite, type DynaliteServer } from './dynalite-server.ts'
import { TablesError } from './errors.ts'
import { lockFolder } from './folder-lock.ts'
import { reasonOf } from '../level/level.ts'
import { tablesIn } from './level-check.ts'
import { tableNames } from './table-shapes.ts'

/** Makes the folder this run's own; gives what frees it. */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  try {
    makeFolders(folder)
    return await lockFolder(folder)
  } catch (error) {
    if (error instanceof TablesError) throw error
    throw unwritable(folder, error)
  }
}

/**
 * Serves the database in the folder. A new one is made beside its place and moved in when its tables
 * are there, so that a database in its place without tables is a damaged one and never a young one.
 */
export async function serveFolder(folder: string): Promise<DynaliteServer> {
  const path = join(folder, 'db')
  if (await exists(path)) await check(path, folder)
  else await begin(path, join(folder, 'db.new'))
  return serveDynalite(path)
}

async function begin(path: string, young: string): Promise<void> {
  await rm(young, { recursive: true, force: true })
  const server = await serveDynalite(young)
  await server.makeTables()
  await server.stop()
  await rename(young, path)
}

async function check(path: string, folder: string): Promise<void> {
  const tables = await tablesIn(path).catch((error: unknown) => {
    throw damaged(folder, error)
  })
  const missing = Object.values(tableNames).filter((name) => !tables.includes(name))
  if (missing.length > 0) throw damaged(folder, undefined)
}

const unwritable = (folder: string, cause: unknown): TablesError =>
  new TablesError(
    'folder_unwritable',
    `The folder ${folder} can't be written (${codeOf(cause)}): give another with --data, or its rights to this user.`,
    { cause },
  )

const damaged = (folder: string, cause: unknown): TablesError =>
  new TablesError(
    'folder_damaged',
    `The data in ${folder} is damaged or not FluxRelay's: restore a copy, or move the folder away to begin anew.`,
    { cause },
  )

const codeOf = (error: unknown): string =>
  String(reasonOf(error) ?? (error instanceof Error && 'code' in error ? error.code : error))

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
