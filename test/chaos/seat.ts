import type { ClientDeps } from '../../client/deps.ts'
import type { View } from '../../protocol/view.ts'
import type { Process } from './machine.ts'

/** How a page that was just loaded comes to its tokens. */
export interface SignIn {
  readonly token: ClientDeps['token']
  /** What its screen may show. */
  readonly view: View
}

/** Who sits at a device, and how they sign in. */
export interface Seat {
  /** `user:<sub>`, or `guest`. */
  readonly who: string
  /** Where what is watched begins below the API. */
  readonly root: string
  signIn(process: Process, deps: Pick<ClientDeps, 'clock' | 'fetch' | 'config'>): SignIn
  /** Whether the printer is among what they were given. */
  sees(printerId: string): boolean
}
