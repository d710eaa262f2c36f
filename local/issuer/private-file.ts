import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolders } from '../../agent/disk/make-folders.ts'
import type * as z from 'zod/mini'
import { IssuerError } from './errors.ts'

/** The content of a JSON file, `undefined` when there is none; a file that can't be read is told. */
export async function readPrivate<S extends z.ZodMiniType>(
  file: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw damaged(file, error)
  })
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // Without its cause, which may quote what the file holds.
    throw damaged(file, undefined)
  }
}

/** Replaces the file as a whole, readable by its owner only; a kill or power cut leaves the old one. */
export async function writePrivate(file: string, content: unknown): Promise<void> {
  try {
    makeFolders(dirname(file))
    const young = `${file}.new`
    await writeThrough(young, `${JSON.stringify(content)}\n`)
    await rename(young, file)
  } catch (cause) {
    throw unwritable(file, cause)
  }
}

async function writeThrough(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const damaged = (file: string, cause: unknown): IssuerError =>
  new IssuerError(
    'data_damaged',
    `The sign-in data in ${file} is damaged: restore a copy, or move the file away to begin anew.`,
    { cause },
  )

export const unwritable = (file: string, cause: unknown): IssuerError =>
  new IssuerError(
    'data_unwritable',
    `The file ${file} can't be written: give another folder with --data, or its rights to this user.`,
    { cause },
  )
