import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose'
import type { Issuer } from '../issuer/create-issuer.ts'

/** The keys of our own issuer, without a way over the network. */
export const jwtKeys = (issuer: Issuer): JWTVerifyGetKey => createLocalJWKSet(issuer.jwks())
