import type { Accounts } from '../../functions/relay/ports.ts'
import type { Issuer } from '../issuer/create-issuer.ts'

/** The built-in issuer as the relay's port. */
export const issuerAccounts = (issuer: Pick<Issuer, 'invite' | 'endSignIns'>): Accounts => ({
  invite: (email) => issuer.invite(email),
  endSignIns: (principal) => issuer.endSignIns(principal.slice('user:'.length)),
})
