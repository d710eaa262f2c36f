import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { StartError } from '../errors.ts'

/** Where a person, or a script, is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream
  /** Whether a person sits there. */
  readonly interactive: boolean
  /** Writes to the person; never what they typed. */
  readonly say: (text: string) => void
}

/** A new password: typed twice without an echo, or the first line of what a script pipes in. */
export const askPassword = async (terminal: Terminal): Promise<string> => {
  const lines = linesOf(terminal)
  try {
    const password = await lines.next('Password (10 characters or more): ')
    if (terminal.interactive && (await lines.next('Once more: ')) !== password)
      throw new StartError('bad_option', 'the two passwords differ: nothing was changed')
    return password
  } finally {
    lines.close()
  }
}

const linesOf = ({ input, interactive, say }: Terminal) => {
  // Readline echoes to its output; so it gets one that swallows all.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input, output, terminal: interactive })
  const waiting = reader[Symbol.asyncIterator]()
  reader.on('SIGINT', () => reader.close())
  return {
    async next(question: string): Promise<string> {
      if (interactive) say(question)
      const answer: IteratorResult<string, undefined> = await waiting.next()
      if (interactive) say('\n')
      if (answer.done === true)
        throw new StartError('bad_option', 'no password was given: nothing was changed')
      return answer.value
    },
    close: () => reader.close(),
  }
}
