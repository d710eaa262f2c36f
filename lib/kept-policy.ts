import { RemovalPolicy } from 'aws-cdk-lib'
import { isOn } from './config-fields.ts'
import type { Config } from './config.ts'

/**
 * What becomes of data when the stack goes. A first deployment that fails takes it away again, unless
 * deletion protection is on: CloudFormation could not delete it then, and the roll-back would fail.
 */
export const keptPolicy = ({ protections }: Pick<Config, 'protections'>): RemovalPolicy => {
  if (!isOn(protections.keepOnDestroy)) return RemovalPolicy.DESTROY
  return isOn(protections.deletionProtection)
    ? RemovalPolicy.RETAIN
    : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
}
