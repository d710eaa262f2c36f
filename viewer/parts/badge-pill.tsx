import type { Badge } from '../../client/badge.ts'
import { Sign } from './sign.tsx'
import { badgeWords } from './words.ts'

/** How the data comes: a sign, a word and a colour. `live` announces changes politely. */
export const BadgePill = ({ badge, live }: { readonly badge: Badge; readonly live: boolean }) => {
  const { text, sign, means } = badgeWords[badge]
  return (
    <span
      class={`badge badge-${badge}`}
      data-testid="badge"
      data-badge={badge}
      title={means}
      {...(live ? { role: 'status', 'aria-live': 'polite' as const } : {})}
    >
      <Sign name={sign} />
      {text}
    </span>
  )
}
