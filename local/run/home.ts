import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceWhole } from '../../agent/disk/whole-file.ts'
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

/**
 * The identity of this installation: found again at a second start, made at the first. The folder is
 * there and this process's own.
 */
export const openHome = async (dataDir: string): Promise<Home> => {
  const file = foldersIn(dataDir).home
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

const makeHome = (dataDir: string, file: string): Home => {
  const printerId = `p${randomBytes(8).toString('hex')}`
  const secret = randomBytes(32).toString('base64url')
  const home = {
    siteId: `s${randomBytes(8).toString('hex')}`,
    printerId,
    agentToken: `frp_${printerId}_${secret}`,
  }
  try {
    replaceWhole(file, JSON.stringify(home, null, 2), 'utf8')
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
