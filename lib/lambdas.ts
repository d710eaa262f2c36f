import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { EntryName, tokenEntry } from '../functions/routes.ts'

/** The Lambdas by entry; the one for tokens is made only where the admission rule needs it. */
export type Lambdas = Readonly<Record<Exclude<EntryName, typeof tokenEntry>, IFunction>> &
  Readonly<Partial<Record<typeof tokenEntry, IFunction>>>
