import type { SiteList } from '../../protocol/rest-sites.ts'
import { Menu } from '../parts/menu.tsx'
import { home, hrefOfSite } from './route.ts'

interface MainMenuProps {
  readonly sites: SiteList['sites']
  readonly signOut: () => void
  /** Asks back first. */
  readonly signOutEverywhere: () => void
}

export const MainMenu = ({ sites, signOut, signOutEverywhere }: MainMenuProps) => (
  <Menu>
    <li>
      <a href={home}>Printers</a>
    </li>
    {sites.map(({ id, name, role }) => (
      <li key={id}>
        <a href={hrefOfSite(id)}>
          <bdi>{name}</bdi>
          <span class="fine">{role === 'owner' ? 'People and sharing' : 'You watch'}</span>
        </a>
      </li>
    ))}
    <li class="apart">
      <button type="button" onClick={signOut}>
        Sign out
      </button>
    </li>
    <li>
      <button type="button" onClick={signOutEverywhere}>
        Sign out everywhere
      </button>
    </li>
  </Menu>
)
