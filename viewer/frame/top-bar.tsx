import type { ComponentChildren } from 'preact'
import { Logo } from '../parts/logo.tsx'

interface TopBarProps {
  /** Where the brand leads. */
  readonly home: string
  readonly children: ComponentChildren
}

export const TopBar = ({ home, children }: TopBarProps) => (
  <header class="bar">
    <a class="brand" href={home}>
      <Logo />
      <span>FluxRelay</span>
    </a>
    {children}
  </header>
)
