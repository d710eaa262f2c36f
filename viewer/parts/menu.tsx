import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Sign } from './sign.tsx'

/**
 * A button that unfolds links and buttons below it. Escape, a press elsewhere, the focus leaving it
 * and whatever is chosen fold it again.
 */
export const Menu = ({ children }: { readonly children: ComponentChildren }) => {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const list = useId()
  useEffect(() => {
    if (!open) return
    const outside = ({ target }: Event) => {
      if (target instanceof Node && !box.current?.contains(target)) setOpen(false)
    }
    addEventListener('pointerdown', outside)
    addEventListener('focusin', outside)
    return () => {
      removeEventListener('pointerdown', outside)
      removeEventListener('focusin', outside)
    }
  }, [open])
  const escape = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !open) return
    setOpen(false)
    button.current?.focus()
  }
  return (
    <nav class="menu" ref={box} onKeyDown={escape} aria-label="Main">
      <button
        type="button"
        class="plain"
        ref={button}
        aria-expanded={open}
        aria-controls={list}
        data-testid="menu"
        onClick={() => setOpen(!open)}
      >
        <Sign name="menu" /> Menu
      </button>
      <ul id={list} class="card" hidden={!open} onClick={() => setOpen(false)}>
        {children}
      </ul>
    </nav>
  )
}
