import { linesOf } from '../terminal.ts'
import { PairError } from './errors.ts'
import type { PairPorts } from './ports.ts'

/** Asks the person for one line. Ctrl-C and the end of the input stop the pairing. */
export const ask = async (
  { terminal, signal }: PairPorts,
  question: string,
  typing: 'shown' | 'hidden',
): Promise<string> => {
  const lines = linesOf(terminal)
  const close = () => lines.close()
  signal.addEventListener('abort', close, { once: true })
  try {
    const answer = signal.aborted ? undefined : await lines.next(question, typing)
    if (answer === undefined) throw stopped()
    return answer.trim()
  } finally {
    signal.removeEventListener('abort', close)
    lines.close()
  }
}

export const stopped = (): PairError =>
  new PairError('stopped', 'stopped: the settings are as they were')
