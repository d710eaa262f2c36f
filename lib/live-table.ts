import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { aliveIndex } from '../functions/relay/table/alive-index.ts'
import { accept } from './accepted-findings.ts'
import { tableKeys } from './directory-table.ts'

/** What may be lost at any time: agents and viewers put it back by themselves. */
export class LiveTable extends Construct {
  readonly table: Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.table = new Table(this, 'Table', { ...tableKeys, removalPolicy: RemovalPolicy.DESTROY })
    this.table.addGlobalSecondaryIndex({
      indexName: aliveIndex.name,
      partitionKey: { name: aliveIndex.attribute, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    })
    accept(this.table, {
      'AwsSolutions-DDB3':
        'Everything in this table can be lost and comes back by itself within a lease; recovery would only cost.',
    })
  }
}
