import { Logo } from './logo.tsx'

export const SignInPage = ({ signIn }: { readonly signIn: () => unknown }) => (
  <main class="centre" data-testid="sign-in">
    <section class="card welcome">
      <Logo />
      <h1>FluxRelay</h1>
      <p>
        See your 3D printers live, wherever you are. Sign in, so that only people who were invited
        can watch.
      </p>
      <button type="button" class="primary" onClick={() => void signIn()}>
        Sign in
      </button>
      <p class="fine">Viewing only: nothing here can control a printer.</p>
    </section>
  </main>
)
