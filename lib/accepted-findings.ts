import { Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Says why a finding of cdk-nag is accepted for this construct and what is below it. */
export const accept = (where: IConstruct, reasons: Readonly<Record<string, string>>): void => {
  for (const [id, reason] of Object.entries(reasons))
    Validations.of(where).acknowledge({ id, reason })
}

/** Accepts one wildcard of a policy, by the very resource it is in. */
export const acceptWildcard = (where: IConstruct, resource: string, reason: string): void =>
  accept(where, { [`AwsSolutions-IAM5[Resource::${asWritten(where, resource)}]`]: reason })

/** An ARN as cdk-nag writes it: `<LogicalId>` and `<LogicalId.Attribute>` for references. */
const asWritten = (where: IConstruct, arn: string): string =>
  flat(Stack.of(where).resolve(arn) as unknown)

const flat = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(flat).join('')
  if (typeof value !== 'object' || value === null) return String(value)
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Intrinsic
  if (Ref !== undefined) return `<${Ref}>`
  if (attribute !== undefined) return `<${attribute.join('.')}>`
  return flat(join?.[1])
}

interface Intrinsic {
  readonly Ref?: string
  readonly 'Fn::GetAtt'?: readonly string[]
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]]
}
