import { readFileSync } from 'node:fs'
import type { Node } from 'constructs'
import { parseConfig, type Config } from './config.ts'
import { ConfigError } from './config-error.ts'

const contextKey = 'fluxrelay'
const usualFile = 'fluxrelay.config.json'

/**
 * The configuration: what the context `fluxrelay` says (an object, JSON, or the name of a file
 * that ends in .json), or else `fluxrelay.config.json` in the working folder.
 */
export const loadConfig = (node: Node): Config => {
  const context: unknown = node.tryGetContext(contextKey)
  if (context === undefined) return fromFile(usualFile)
  if (typeof context !== 'string') return parseConfig(context, `context "${contextKey}"`)
  if (context.endsWith('.json')) return fromFile(context)
  const source = `context "${contextKey}"`
  return parseConfig(parseJson(context, source), source)
}

const fromFile = (file: string): Config => parseConfig(parseJson(readConfig(file), file), file)

const readConfig = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const expected = 'this file: copy fluxrelay.config.example.json to it and fill it in'
    const found = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ConfigError(file, [{ path: '', expected, found }])
  }
}

const parseJson = (text: string, source: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    const found = error instanceof Error ? error.message : 'something else'
    throw new ConfigError(source, [{ path: '', expected: 'JSON', found }])
  }
}
