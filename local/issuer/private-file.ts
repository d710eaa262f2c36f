import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolders } from '../../agent/disk/make-folders.ts'
import { replaceWhole } from '../../agent/disk/whole-file.ts'
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

/**
 * Replaces the file as a whole, readable by its owner only; a kill or power cut leaves the old one.
 * It is on the disk when the promise resolves.
 */
export async function writePrivate(file: string, content: unknown): Promise<void> {
  try {
    makeFolders(dirname(file))
    replaceWhole(file, `${JSON.stringify(content)}\n`, 'utf8')
  } catch (cause) {
    throw unwritable(file, cause)
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
