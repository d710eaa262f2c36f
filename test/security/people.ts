import { join } from 'node:path'
import { importJWK, SignJWT } from 'jose'
import { userPrincipal } from '../../functions/relay/caller.ts'
import type { Person } from '../../functions/relay/people/person.ts'
import { issuerKeys } from '../../local/issuer/keys.ts'
import { foldersIn } from '../../local/run/home.ts'
import type { TestRelay } from '../support/relay.ts'

const hour = 3_600_000

/** Somebody signed in for an hour, as the use cases see them. */
export const personOf = (sub: string, email?: string): Person => ({
  principal: userPrincipal(sub),
  session: Date.now() + hour,
  signedAt: Date.now() - 60_000,
  email,
  name: sub,
})

/** Gives anybody a valid access token of the relay's own issuer. */
export const tokenMaker = async ({ dataDir, origin }: TestRelay) => {
  const { signing } = await issuerKeys(join(foldersIn(dataDir).issuer))
  const key = await importJWK(signing, 'RS256')
  return (sub: string, email?: string): Promise<string> => {
    const claims = { scope: 'fluxrelay/watch', ...(email && { email, email_verified: true }) }
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: signing.kid })
      .setSubject(sub)
      .setIssuer(`${origin}/oidc`)
      .setAudience('fluxrelay')
      .setIssuedAt(Math.floor(Date.now() / 1000) - 60)
      .setExpirationTime(Math.floor((Date.now() + hour) / 1000))
      .sign(key)
  }
}
export type TokenMaker = Awaited<ReturnType<typeof tokenMaker>>
