import { useEffect, useRef, useState } from 'preact/hooks'

interface CopyTextProps {
  /** What it is, for the label of the button. */
  readonly name: string
  readonly text: string
  readonly testId: string
  readonly big?: boolean
}

/** So long, ms, the button says that it worked. */
const saidFor = 2_500

/** A text to take elsewhere: it can be marked and copied by hand too. */
export const CopyText = ({ name, text, testId, big = false }: CopyTextProps) => {
  const [copied, setCopied] = useState(false)
  const shown = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), saidFor)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      // Without the right to the clipboard it is marked, so that Ctrl-C takes it.
      () => shown.current && getSelection()?.selectAllChildren(shown.current),
    )
  return (
    <div class={`copy ${big ? 'big' : ''}`}>
      <code ref={shown} dir="ltr" data-testid={testId}>
        {text}
      </code>
      <button type="button" class="plain small" aria-label={`Copy ${name}`} onClick={copy}>
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </button>
    </div>
  )
}
