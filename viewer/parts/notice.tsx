import { Logo } from './logo.tsx'

interface NoticeProps {
  readonly title: string
  readonly text: string
  readonly testId: string
  readonly action: string
  readonly act: () => unknown
}

/** A whole page with one thing to say and one thing to do. */
export const Notice = ({ title, text, testId, action, act }: NoticeProps) => (
  <main class="centre" data-testid={testId}>
    <section class="card welcome" role="alert">
      <Logo />
      <h1>{title}</h1>
      <p>{text}</p>
      <button type="button" class="primary" onClick={() => void act()}>
        {action}
      </button>
    </section>
  </main>
)
