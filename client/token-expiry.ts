import * as z from 'zod/mini'

const claimsSchema = z.object({ exp: z.number() })

/**
 * When a JWT runs out, ms since 1970 by its issuer's clock; undefined if it does not say. Read
 * without checking it: only the relay's opinion of a token counts, this one merely plans ahead.
 */
export const tokenExpiry = (token: string): number | undefined => {
  try {
    const [, payload = ''] = token.split('.')
    const json = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
    const claims = claimsSchema.safeParse(JSON.parse(json))
    return claims.success ? claims.data.exp * 1000 : undefined
  } catch {
    return undefined
  }
}
