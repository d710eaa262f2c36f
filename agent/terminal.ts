import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Where a person, or a script, is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream
  /** Whether a person sits there. */
  readonly interactive: boolean
  /** Writes to the person; never what they typed in secret. */
  readonly say: (text: string) => void
}

export interface Lines {
  /** The next line, or undefined when there is none: the input ended, Ctrl-C, Ctrl-D. */
  next(question: string, typing: 'shown' | 'hidden'): Promise<string | undefined>
  /** Gives the terminal back. */
  close(): void
}

/** Asks line after line. A script that pipes them in is not asked, and nothing is shown to it. */
export const linesOf = ({ input, interactive, say }: Terminal): Lines => {
  let shown = false
  // Readline echoes to its output; so it gets one that can swallow all.
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (shown) say(chunk.toString('utf8'))
      done()
    },
  })
  const reader = createInterface({ input, output, terminal: interactive })
  const waiting = reader[Symbol.asyncIterator]()
  reader.on('SIGINT', () => reader.close())
  return {
    async next(question, typing) {
      shown = interactive && typing === 'shown'
      if (shown) {
        // Readline writes the question itself, for it writes the line anew after a backspace.
        reader.setPrompt(question)
        reader.prompt()
      } else if (interactive) say(question)
      const answer: IteratorResult<string, undefined> = await waiting.next()
      if (interactive && (!shown || answer.done === true)) say('\n')
      return answer.done === true ? undefined : answer.value
    },
    close: () => reader.close(),
  }
}
