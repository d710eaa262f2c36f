import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../agent/disk/make-folders.ts'
import * as z from 'zod/mini'
import { agentTokenSchema } from '../../protocol/agent-token.ts'
import { printerIdSchema } from '../../protocol/ids.ts'
import { StartError } from '../errors.ts'

const homeSchema = z.object({
  siteId: z.string(),
  printerId: printerIdSchema,
  /** The built-in agent's own token: it is the only copy, so the file has mode 600. */
  agentToken: agentTokenSchema,
})
export type Home = z.infer<typeof homeSchema>

/** The folders below the data folder, one for each part. */
export const foldersIn = (dataDir: string) => ({
  tables: join(dataDir, 'tables'),
  issuer: join(dataDir, 'issuer'),
  agent: join(dataDir, 'agent'),
  viewer: join(dataDir, 'viewer'),
  home: join(dataDir, 'home.json'),
})

/** The identity of this installation: found again at a second start, made at the first. */
export const openHome = async (dataDir: string): Promise<Home> => {
  const file = foldersIn(dataDir).home
  prepare(dataDir)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw unusable(dataDir, error)
  })
  if (text === undefined) return makeHome(dataDir, file)
  const parsed = homeSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new StartError(
    'data_folder',
    `${file} is damaged: restore it, or start with another --data folder. Nothing was changed`,
  )
}

const prepare = (dataDir: string): void => {
  try {
    makeFolders(dataDir)
  } catch (error) {
    throw unusable(dataDir, error as NodeJS.ErrnoException)
  }
}

const makeHome = async (dataDir: string, file: string): Promise<Home> => {
  const printerId = `p${randomBytes(8).toString('hex')}`
  const secret = randomBytes(32).toString('base64url')
  const home = {
    siteId: `s${randomBytes(8).toString('hex')}`,
    printerId,
    agentToken: `frp_${printerId}_${secret}`,
  }
  try {
    // Renaming makes it whole or absent, whenever the power goes.
    await writeFile(`${file}.new`, JSON.stringify(home, null, 2), { mode: 0o600 })
    await rename(`${file}.new`, file)
  } catch (error) {
    throw unusable(dataDir, error as NodeJS.ErrnoException)
  }
  return home
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unusable = (dataDir: string, { code = 'unknown error' }: NodeJS.ErrnoException) =>
  new StartError(
    'data_folder',
    `the data folder ${dataDir} cannot be used (${code}): give a writable one with --data`,
  )
