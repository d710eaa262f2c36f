import { TablesError } from '../tables/errors.ts'

/**
 * What a failure of the disk below the data means for whoever started; undefined for all others.
 * dynalite throws where nobody can catch it, and without its data the relay cannot go on.
 */
export const dataFailure = (error: unknown, folder: string): TablesError | undefined => {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const code = String(error.code)
  if (code !== 'ENOSPC' && !code.startsWith('LEVEL_')) return undefined
  return new TablesError(
    'disk_failed',
    `The data in ${folder} can no longer be written (${code}${reasonIn(error.message)}): ` +
      'make room on that disk or mend it, and start again. What was answered is kept.',
    { cause: error },
  )
}

/** LevelDB puts the system's words last, after a path: `IO error: /a/000006.log: No space left`. */
const reasonIn = (message: string): string => {
  const words = message.split(': ').at(-1)?.trim()
  return words === undefined || words === '' ? '' : `, ${words.split('\n')[0]}`
}
