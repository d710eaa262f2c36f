import { inspect } from 'node:util'
import { StartError } from '../errors.ts'
import { IssuerError } from '../issuer/errors.ts'
import { TablesError } from '../tables/errors.ts'
import { Told } from './parse-command.ts'

/** Mistakes that the person who started can mend: one line, no stack. */
const mendable = [StartError, TablesError, IssuerError]

/** Says why a command of ours ended, and gives its exit code: 2 for what can be mended. */
export const tellMistake = (error: unknown): number => {
  if (error instanceof Told) return 0
  const told = mendable.some((kind) => error instanceof kind)
  process.stderr.write(`${told ? `fluxrelay: ${(error as Error).message}` : inspect(error)}\n`)
  return told ? 2 : 1
}
