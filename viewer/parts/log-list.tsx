import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Failure } from './failure.tsx'
import type { More } from './use-pages.ts'

interface LogListProps {
  /** Of more than one such list on a page, what is special. */
  readonly class?: string
  /** Brings earlier entries; undefined where there are none. */
  readonly more: More | undefined
  /** On its button. */
  readonly label: string
  /** The entries, as `li`. */
  readonly children: ComponentChildren
}

/**
 * What happened, newest first. When the last earlier entries came their button goes away, and the
 * focus goes to the first of them: at the top of the page the keyboard would have to begin anew.
 */
export const LogList = ({ class: special = '', more, label, children }: LogListProps) => {
  const list = useRef<HTMLOListElement>(null)
  /** How many entries there were when the button was pressed. */
  const pressed = useRef<number | undefined>(undefined)
  const none = more === undefined
  useLayoutEffect(() => {
    const before = pressed.current
    if (!none || before === undefined) return
    pressed.current = undefined
    focusOn(list.current?.children, before)
  }, [none])
  const press = () => {
    pressed.current = list.current?.children.length
    more?.press()
  }
  return (
    <>
      <ol class={`log ${special}`} ref={list}>
        {children}
      </ol>
      <Failure error={more?.error} />
      {more && (
        <button type="button" class="quiet more" aria-disabled={more.busy} onClick={press}>
          {label}
        </button>
      )}
    </>
  )
}

const focusOn = (entries: HTMLCollection | undefined, place: number) => {
  const entry = entries?.item(Math.min(place, entries.length - 1))
  if (!(entry instanceof HTMLElement)) return
  entry.tabIndex = -1
  entry.focus()
}
