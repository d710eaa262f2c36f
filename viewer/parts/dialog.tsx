import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  /** Escape was pressed, or a button of the dialog says so. */
  readonly close: () => void
  readonly children: ComponentChildren
}

/** A question in front of the page. The browser keeps the focus inside, and gives it back. */
export const Dialog = ({ title, close, children }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const words = useRef<HTMLHeadingElement>(null)
  const said = useRef(title)
  useLayoutEffect(() => {
    const { current } = dialog
    current?.showModal()
    return () => current?.close()
  }, [])
  // What the dialog says next has replaced what was pressed.
  useEffect(() => {
    if (said.current !== title) words.current?.focus()
    said.current = title
  }, [title])
  return (
    <dialog
      ref={dialog}
      class="card dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
    >
      <h2 id={heading} ref={words} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  )
}
