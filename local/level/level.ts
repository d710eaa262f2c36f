import { createRequire } from 'node:module'

/** The part of a LevelDB that is used here. */
export interface Level {
  open(): Promise<void>
  close(): Promise<void>
  keys(range: { gte: string; lt: string }): { all(): Promise<string[]> }
}
type LevelClass = new (path: string, options: { createIfMissing: boolean }) => Level

/** The very LevelDB that dynalite opens, wherever the package manager put it. */
export function levelAt(path: string, options: { createIfMissing: boolean }): Level {
  const here = createRequire(import.meta.url)
  const dynalites = createRequire(here.resolve('dynalite'))
  const { Level } = dynalites('level') as { Level: LevelClass }
  return new Level(path, options)
}

/** Why a LevelDB did not open: such as `LEVEL_LOCKED`, `LEVEL_CORRUPTION`. */
export function reasonOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}
