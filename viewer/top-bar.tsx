import { Logo } from './logo.tsx'

export const TopBar = ({ signOut }: { readonly signOut: () => void }) => (
  <header class="bar">
    <a class="brand" href="#/">
      <Logo />
      <span>FluxRelay</span>
    </a>
    <button type="button" class="quiet" onClick={signOut}>
      Sign out
    </button>
  </header>
)
