import type { ComponentChildren } from 'preact'

interface SiteCardProps {
  readonly id: string
  readonly title: string
  /** A button beside the title. */
  readonly action?: ComponentChildren
  readonly children: ComponentChildren
}

/** A card of a list; its heading takes the focus when an entry is gone. */
export const SiteCard = ({ id, title, action, children }: SiteCardProps) => (
  <section class="card" aria-labelledby={id} data-testid={id}>
    <div class="card-head">
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      {action}
    </div>
    {children}
  </section>
)

interface EntryProps {
  readonly title: string
  readonly testId: string
  readonly facts: readonly (string | undefined)[]
  /** Buttons. */
  readonly children?: ComponentChildren
}

export const Entry = ({ title, testId, facts, children }: EntryProps) => (
  <li data-testid={testId}>
    <div class="what">
      <strong dir="auto">{title}</strong>
      {facts
        .filter((fact) => fact !== undefined)
        .map((fact) => (
          <span key={fact} class="detail" dir="auto">
            {fact}
          </span>
        ))}
    </div>
    {children && <div class="deeds">{children}</div>}
  </li>
)
