import { writeFileSync } from 'node:fs'
import type { DestinationStream } from 'pino'

/**
 * Log lines to an open file descriptor. A line that cannot be written, as on a full disk, is lost and
 * holds nothing up: pino's own destination would try it again for ever, or end the process.
 */
export const logOut = (fd: number): DestinationStream => ({
  write: (line) => {
    try {
      writeFileSync(fd, line)
    } catch {
      // There is nobody left to tell.
    }
  },
})
