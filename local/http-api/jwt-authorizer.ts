import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { claimTexts, scopesOf } from './claims.ts'
import type { JwtAuthorizer } from './event.ts'

export interface JwtConfiguration {
  readonly issuer: string
  /** Any of them must be in `aud`, or be `client_id` where there is no `aud`. */
  readonly audience: readonly string[]
  /** The issuer's keys: their address, or the keys themselves. */
  readonly keys: URL | JWTVerifyGetKey
}

export type JwtVerdict =
  | { readonly kind: 'passed'; readonly authorizer: JwtAuthorizer }
  /** No token, or none that holds: 401. */
  | { readonly kind: 'unauthorized'; readonly why: string | undefined }
  /** None of the route's scopes: 403. */
  | { readonly kind: 'forbidden' }
  /** The issuer's keys could not be had. */
  | { readonly kind: 'failed' }

/** The cloud verifies RSA signatures only; whatever else the header names is refused. */
const algorithms = ['RS256', 'RS384', 'RS512']

const tokenShape = /^(?:Bearer\s+)?([\w-]+\.[\w-]+\.[\w-]+)$/i

const isForAudience = (payload: JWTPayload, audience: readonly string[]): boolean => {
  const named = payload.aud ?? payload['client_id']
  const all: unknown[] = Array.isArray(named) ? named : [named]
  return all.some((one) => typeof one === 'string' && audience.includes(one))
}

/** Why a token does not hold; undefined when the fault is not the token's. */
const refusalReason = (error: unknown): string | undefined => {
  if (error instanceof errors.JWTExpired) return 'the token has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return `the claim ${error.claim} is wrong`
  if (error instanceof errors.JWKSTimeout) return undefined
  if (error instanceof errors.JWKSNoMatchingKey) return 'unable to find the signing key'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'the signing key is ambiguous'
  // The plain base class means that the key set's answer was unusable.
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') {
    return error.code.startsWith('ERR_JWKS_') ? undefined : 'the token is not valid'
  }
  return undefined
}

export type JwtCheck = (
  header: string | undefined,
  scopes: readonly string[],
) => Promise<JwtVerdict>

/** The JWT authorizer: issuer, audience, times and signature, then the route's scopes. */
export const createJwtAuthorizer = (
  { issuer, audience, keys }: JwtConfiguration,
  now: () => number,
): JwtCheck => {
  const keySet = keys instanceof URL ? createRemoteJWKSet(keys) : keys

  const verify = async (token: string): Promise<JWTPayload | string | undefined> => {
    try {
      const currentDate = new Date(now())
      const { payload } = await jwtVerify(token, keySet, { issuer, algorithms, currentDate })
      if (payload.exp === undefined) return 'the token never expires'
      // The library looks at iat only with an age limit; the cloud refuses what is yet to be issued.
      if (payload.iat !== undefined && payload.iat * 1000 > now())
        return 'the token is not yet valid'
      return isForAudience(payload, audience) ? payload : 'the token has another audience'
    } catch (error) {
      return refusalReason(error)
    }
  }

  return async (header, scopes) => {
    const token = tokenShape.exec(header ?? '')?.[1]
    if (token === undefined) return { kind: 'unauthorized', why: undefined }
    const payload = await verify(token)
    if (payload === undefined) return { kind: 'failed' }
    if (typeof payload === 'string') return { kind: 'unauthorized', why: payload }
    const held = scopesOf(payload)
    if (scopes.length > 0 && !scopes.some((scope) => held.includes(scope))) {
      return { kind: 'forbidden' }
    }
    const claims = claimTexts(payload)
    return {
      kind: 'passed',
      authorizer: { jwt: { claims, scopes: scopes.length > 0 ? held : null } },
    }
  }
}
