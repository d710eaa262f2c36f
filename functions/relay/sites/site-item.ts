import * as z from 'zod/mini'

/** People by principal, each with when they were let in (ms since 1970). */
export const peopleSchema = z.record(z.string(), z.number())

/** The truth of who may see a site. */
export const siteItemSchema = z.object({
  name: z.string(),
  owners: peopleSchema,
  viewers: peopleSchema,
  /** Changes whenever somebody's right is withdrawn, so that a grant decided on before is refused. */
  removal: z.optional(z.string()),
})
export type SiteItem = z.infer<typeof siteItemSchema>
