import { Logo } from '../parts/logo.tsx'
import { useRoute } from '../frame/use-route.ts'

export const SignInPage = ({ signIn }: { readonly signIn: () => unknown }) => {
  const invited = useRoute().page === 'invite'
  return (
    <main class="centre" data-testid="sign-in">
      <section class="card welcome">
        <Logo />
        <h1>{invited ? 'You are invited' : 'FluxRelay'}</h1>
        <p>
          {invited
            ? 'Somebody wants to show you 3D printers, live. Sign in to see what you are invited to.'
            : 'See your 3D printers live, wherever you are. Sign in, so that only people who were invited can watch.'}
        </p>
        <button type="button" class="primary" onClick={() => void signIn()}>
          Sign in
        </button>
        <p class="fine">Viewing only: nothing here can control a printer.</p>
      </section>
    </main>
  )
}
