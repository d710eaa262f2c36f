import * as z from 'zod/mini'

/** What is seen of a printer: `basic` has no file names, paths or users (design §5). */
export const viewSchema = z.enum(['full', 'basic'])
export type View = z.infer<typeof viewSchema>
