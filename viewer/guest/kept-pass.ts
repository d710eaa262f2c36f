import * as z from 'zod/mini'
import type { GuestPass } from '../../client/guest.ts'
import { guestAnswerSchema } from '../../protocol/rest-shares.ts'

const name = 'fluxrelay.guest'

const keptSchema = z.object({
  /** The SHA-256 of the link's secret; the secret itself is in the address alone. */
  of: z.string(),
  pass: z.object({ answer: guestAnswerSchema, goodUntil: z.number() }),
})

const hashOf = async (secret: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What this tab was given for the same link before a reload. */
export const keptPass = async (secret: string): Promise<GuestPass | undefined> => {
  try {
    const kept = keptSchema.parse(JSON.parse(sessionStorage.getItem(name) ?? ''))
    return kept.of === (await hashOf(secret)) ? kept.pass : undefined
  } catch {
    return undefined
  }
}

/** Keeps a pass in this tab; without crypto or room for it a reload redeems the link again. */
export const keepPass = async (secret: string, pass: GuestPass): Promise<void> => {
  try {
    sessionStorage.setItem(name, JSON.stringify({ of: await hashOf(secret), pass }))
  } catch {
    sessionStorage.removeItem(name)
  }
}

export const dropPass = (): void => sessionStorage.removeItem(name)
