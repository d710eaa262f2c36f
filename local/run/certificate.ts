import { readFile } from 'node:fs/promises'
import { createSecureContext, type Server } from 'node:tls'
import { StartError } from '../errors.ts'
import type { Options } from './options.ts'

type Files = NonNullable<Options['tls']>

export interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** How often (ms) the files are looked at: whoever renews them does so days before the end. */
export const certificateEveryMs = 3_600_000

/** Certificate chain and key, known to belong together. */
export const readPair = async (files: Files): Promise<Pair> => {
  try {
    const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)])
    createSecureContext({ cert, key })
    return { cert, key }
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new StartError(
      'tls',
      `--tls-cert and --tls-key cannot be used (${code}): check both files`,
    )
  }
}

/** Serves what the files hold now to who connects from now on; a bad pair is told, the old stays. */
export const certificateRenewal = (
  server: Pick<Server, 'setSecureContext'>,
  files: Files,
  served: Pair,
): (() => Promise<void>) => {
  let now = served
  return async () => {
    const pair = await readPair(files).catch((error: StartError) => {
      throw new StartError('tls', `${error.message}; the certificate of before is served on`)
    })
    if (pair.cert.equals(now.cert) && pair.key.equals(now.key)) return
    server.setSecureContext(pair)
    now = pair
  }
}
