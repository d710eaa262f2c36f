import { linesOf, type Terminal } from '../../agent/terminal.ts'
import { StartError } from '../errors.ts'

/** A new password: typed twice without an echo, or the first line of what a script pipes in. */
export const askPassword = async (terminal: Terminal): Promise<string> => {
  const lines = linesOf(terminal)
  const ask = async (question: string): Promise<string> => {
    const answer = await lines.next(question, 'hidden')
    if (answer === undefined)
      throw new StartError('bad_option', 'no password was given: nothing was changed')
    return answer
  }
  try {
    const password = await ask('Password (10 characters or more): ')
    if (terminal.interactive && (await ask('Once more: ')) !== password)
      throw new StartError('bad_option', 'the two passwords differ: nothing was changed')
    return password
  } finally {
    lines.close()
  }
}
