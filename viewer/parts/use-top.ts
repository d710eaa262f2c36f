import { useEffect, useRef } from 'preact/hooks'

/** Another page begins at its top, for eyes and for whoever listens. */
export const useTop = (page: string) => {
  const main = useRef<HTMLElement>(null)
  const shown = useRef(page)
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [page])
  return main
}
