import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** Of the characters that CloudFront takes in the name of an origin access control. */
const most = 64

/**
 * A name for what CloudFront has once in an account, whatever the region: aws-cdk-lib makes it from the
 * stack's name alone, and a relay of the same name in another region could not be deployed.
 */
export const regionalName = (scope: Construct, what: string): string => {
  const { stackName, region } = Stack.of(scope)
  const end = `-${region}-${what}`
  return `${stackName.slice(0, most - end.length)}${end}`
}
