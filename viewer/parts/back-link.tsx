import type { ComponentChildren } from 'preact'
import { Sign } from './sign.tsx'

interface BackLinkProps {
  readonly href: string
  readonly children: ComponentChildren
}

export const BackLink = ({ href, children }: BackLinkProps) => (
  <a class="back" href={href}>
    <Sign name="back" /> {children}
  </a>
)
