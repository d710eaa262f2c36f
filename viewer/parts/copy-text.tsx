import { useEffect, useRef, useState } from 'preact/hooks'

interface CopyTextProps {
  /** What it is, for the label of the button. */
  readonly name: string
  readonly text: string
  readonly testId: string
  readonly big?: boolean
}

/** So long, ms, the button says what it did. */
const saidFor = 4_000

const words = { nothing: 'Copy', copied: 'Copied', marked: 'Marked: copy it' }

/** A text to take elsewhere: it can be marked and copied by hand too. */
export const CopyText = ({ name, text, testId, big = false }: CopyTextProps) => {
  const [done, setDone] = useState<keyof typeof words>('nothing')
  const shown = useRef<HTMLElement>(null)
  useEffect(() => {
    if (done === 'nothing') return
    const timer = setTimeout(() => setDone('nothing'), saidFor)
    return () => clearTimeout(timer)
  }, [done])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setDone('copied')
    } catch {
      // Without the right to the clipboard it is marked, so that one's own keys take it.
      if (shown.current) getSelection()?.selectAllChildren(shown.current)
      setDone('marked')
    }
  }
  return (
    <div class={`copy ${big ? 'big' : ''}`}>
      <code ref={shown} dir="ltr" data-testid={testId}>
        {text}
      </code>
      <button
        type="button"
        class="plain small"
        aria-label={`Copy ${name}`}
        onClick={() => void copy()}
      >
        {words[done]}
      </button>
      {/* Outside, because what is inside of a button is nothing of its own to who listens. */}
      <span class="unseen" role="status">
        {done === 'nothing' ? '' : words[done]}
      </span>
    </div>
  )
}
