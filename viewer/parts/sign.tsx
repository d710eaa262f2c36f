/** Drawn, not typed: not every font has these signs. */
const paths = {
  dot: <circle cx="8" cy="8" r="4.5" fill="currentColor" />,
  ring: <circle cx="8" cy="8" r="4" fill="none" stroke="currentColor" stroke-width="2" />,
  again: (
    <path d="M12.6 9.4a4.8 4.8 0 1 1-.3-3.6M12.8 2.6v3.4H9.4" fill="none" stroke="currentColor" />
  ),
  down: <path d="M8 2.5v10M4 8.8l4 4 4-4" fill="none" stroke="currentColor" />,
  menu: <path d="M2.5 4h11M2.5 8h11M2.5 12h11" fill="none" stroke="currentColor" />,
  back: <path d="M13.5 8h-10M7.5 3.8 3.3 8l4.2 4.2" fill="none" stroke="currentColor" />,
} as const
export type SignName = keyof typeof paths

export const Sign = ({ name }: { readonly name: SignName }) => (
  <svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <g stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
      {paths[name]}
    </g>
  </svg>
)
