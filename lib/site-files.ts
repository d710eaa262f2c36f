import { DefaultStackSynthesizer, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment'
import { Construct } from 'constructs'
import { accept, acceptWildcard } from './accepted-findings.ts'
import type { Config } from './config.ts'
import { relayLogGroup } from './relay-log-group.ts'

export interface SiteFilesProps {
  readonly bucket: Bucket
  /** Folder of the viewer's build. */
  readonly build: string
  /** What `/config.json` says. */
  readonly viewerConfig: object
  readonly config: Config
}

/** The viewer's files and its `/config.json`, copied into the bucket at each deployment. */
export class SiteFiles extends Construct {
  constructor(scope: Construct, id: string, props: SiteFilesProps) {
    super(scope, id)
    const { bucket, build, viewerConfig, config } = props
    const logGroup = relayLogGroup(this, 'Log', config)
    new BucketDeployment(this, 'Copy', {
      destinationBucket: bucket,
      sources: [Source.asset(build), Source.jsonData('config.json', viewerConfig)],
      // Asked for again each time, and answered with 304: so nothing must be invalidated, and the
      // copying Lambda needs no right on CloudFront.
      cacheControl: [CacheControl.noCache()],
      prune: true,
      // Empties the bucket before the stack takes it away.
      retainOnDelete: false,
      memoryLimit: 256,
      role: this.makeRole(logGroup),
      logGroup,
    })
    this.acceptCopying(bucket)
  }

  /** One of our own, since the library's may write to every log of the account. */
  private makeRole(logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: 'FluxRelay: copies the viewer into its bucket during a deployment',
    })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    )
    return role
  }

  /** The Lambda that copies is aws-cdk-lib's, with the rights that it gives. */
  private acceptCopying(bucket: Bucket): void {
    const copying =
      'Copies the viewer file by file; this is the right of aws-cdk-lib on this bucket.'
    acceptWildcard(this, `${bucket.bucketArn}/*`, copying)
    acceptWildcard(
      this,
      bootstrapAssets(this),
      'Reads the viewer where `cdk deploy` uploaded it to.',
    )
    for (const action of ['GetObject', 'GetBucket', 'List', 'DeleteObject', 'Abort'])
      accept(this, { [`AwsSolutions-IAM5[Action::s3:${action}*]`]: copying })
    const lambda = Stack.of(this).node.children.find(({ node }) =>
      node.id.startsWith('Custom::CDKBucketDeployment'),
    )
    if (lambda)
      accept(lambda, {
        'AwsSolutions-L1': 'Its code and runtime come with aws-cdk-lib and are updated with it.',
      })
  }
}

/** The files in the bucket that `cdk bootstrap` made. */
const bootstrapAssets = (scope: Construct): string => {
  const { partition, account, region } = Stack.of(scope)
  const qualifier = DefaultStackSynthesizer.DEFAULT_QUALIFIER
  return `arn:${partition}:s3:::cdk-${qualifier}-assets-${account}-${region}/*`
}
