import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { EntryName, tokenEntry } from '../functions/routes.ts'

/** The Lambdas by entry; the one for tokens is made only where the user pool is ours. */
export type Lambdas = Readonly<Record<Exclude<EntryName, typeof tokenEntry>, LambdaFunction>> &
  Readonly<Partial<Record<typeof tokenEntry, LambdaFunction>>>
