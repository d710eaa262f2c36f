import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { isOn } from './config-fields.ts'
import type { Config } from './config.ts'
import { keptPolicy } from './kept-policy.ts'

export const tableKeys = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  /** What is over has it, in seconds since 1970. */
  timeToLiveAttribute: 'expiresAt',
} as const

/** What must not be lost: sites, printers, who may see them, events and history. */
export class DirectoryTable extends Construct {
  readonly table: Table

  constructor(scope: Construct, id: string, { protections }: Pick<Config, 'protections'>) {
    super(scope, id)
    this.table = new Table(this, 'Table', {
      ...tableKeys,
      removalPolicy: keptPolicy({ protections }),
      deletionProtection: isOn(protections.deletionProtection),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: isOn(protections.pointInTimeRecovery),
      },
    })
  }
}
