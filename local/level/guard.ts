import { rm } from 'node:fs/promises'
import { levelAt, reasonOf, type Level } from './level.ts'

/**
 * An empty LevelDB that stands for something only one process may have at a time; undefined while
 * another has it. The system frees it with the process, so none is ever left behind, as a file with
 * a process id is, whose number may be another's by then.
 */
export const openGuard = async (path: string): Promise<Level | undefined> => {
  try {
    return await opened(path)
  } catch (error) {
    if (reasonOf(error) === 'LEVEL_LOCKED') return undefined
    // It holds nothing, so a damaged one is no loss.
    await rm(path, { recursive: true, force: true })
    return opened(path)
  }
}

const opened = async (path: string): Promise<Level> => {
  const guard = levelAt(path, { createIfMissing: true })
  await guard.open()
  return guard
}
