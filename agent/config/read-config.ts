import type * as z from 'zod/mini'
import { ConfigError, type ConfigMistake } from '../errors.ts'
import { groupOf, parseConfigFile } from './config-file.ts'
import type { FileSettings, FoundFile, Tree } from './config-file.ts'
import { configSchema, type AgentConfig } from './config-schema.ts'
import { flagKey, flagName, settings, type Setting } from './settings.ts'

export interface ConfigSources {
  /** As commander parsed them. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** What was found, or why it could not be read. */
  readonly file: FoundFile | ConfigMistake | undefined
}

export interface ReadConfig {
  readonly config: AgentConfig
  readonly warnings: readonly string[]
}

/** Flags win over the environment, it over the file, that over the presets. Throws ConfigError. */
export const readConfig = ({ flags, env, file }: ConfigSources): ReadConfig => {
  const found = fileSettings(file)
  const origins = new Map<string, string>()
  const raw = withGroups(found.tree)
  for (const setting of settings) {
    const given = outside(setting, flags, env)
    if (!given) continue
    origins.set(setting.path, given.origin)
    put(raw, setting.path, given.value)
  }
  const result = configSchema.safeParse(raw)
  if (result.success && found.mistakes.length === 0)
    return { config: result.data, warnings: found.warnings }
  const wrong = result.success ? [] : result.error.issues.flatMap(told)
  // What an unreadable file would have held is not reported as missing.
  const kept = found.mistakes.length > 0 ? wrong.filter(({ path }) => origins.has(path)) : wrong
  throw new ConfigError([
    ...found.mistakes,
    ...kept.map(({ path, message }) => ({
      path,
      message,
      origin: origins.get(path) ?? whereFrom(path, found.tree, file),
    })),
  ])
}

const fileSettings = (file: ConfigSources['file']): FileSettings => {
  if (file && 'text' in file) return parseConfigFile(file)
  return { tree: {}, mistakes: file ? [file] : [], warnings: [] }
}

type Raw = Record<string, unknown>

/** Missing groups are made, odd ones kept for the schema to name. */
const withGroups = (tree: Tree): Raw => {
  const raw: Raw = { ...tree }
  for (const name of ['relay', 'octoprint', 'intervals', 'outbox', 'log']) {
    const value = Object.hasOwn(raw, name) ? raw[name] : {}
    raw[name] = value === tree[name] && value !== groupOf(tree, name) ? value : { ...(value ?? {}) }
  }
  return raw
}

const put = (raw: Raw, path: string, value: unknown): void => {
  const [group = '', name = ''] = path.split('.')
  raw[group] = { ...groupOf(raw, group), [name]: value }
}

const outside = (
  { env: envName, flag, kind }: Setting,
  flags: ConfigSources['flags'],
  env: ConfigSources['env'],
) => {
  const flagged = flags[flagKey(flag)]
  if (flagged !== undefined)
    return { value: valueOf(flagged, kind), origin: `flag ${flagName(flag)}` }
  const set = env[envName]
  // An empty variable is what service files leave behind for "not set".
  if (set === undefined || set === '') return undefined
  return { value: valueOf(set, kind), origin: `environment ${envName}` }
}

const valueOf = (value: unknown, kind: Setting['kind']): unknown =>
  kind === 'number' && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
    ? Number(value)
    : value

/** One issue can name several unknown keys; each is a mistake of its own. */
const told = (issue: z.core.$ZodIssue): { path: string; message: string }[] => {
  const path = issue.path.map(String).join('.')
  if (issue.code !== 'unrecognized_keys')
    return [{ path: path || 'settings', message: issue.message }]
  return issue.keys.map((key) => ({
    path: [...issue.path.map(String), key].join('.').slice(0, 80),
    message: 'is no setting: check its spelling',
  }))
}

const whereFrom = (path: string, tree: Tree, file: ConfigSources['file']): string => {
  if (!file) return 'not set'
  const [group = '', name] = path.split('.')
  const inFile = name === undefined ? Object.hasOwn(tree, group) : name in groupOf(tree, group)
  return inFile ? `file ${file.path}` : `not in ${file.path}`
}
