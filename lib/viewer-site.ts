import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
  type AddBehaviorOptions,
  type IResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { securityHeaders, type Destinations } from '../viewer/security-headers.ts'
import { accept } from './accepted-findings.ts'
import type { CustomDomain } from './domains-config.ts'
import { regionalName } from './regional-name.ts'
import { securityHeadersPolicy } from './security-headers-policy.ts'

export interface ViewerSiteProps {
  readonly destinations: Destinations
  /** Host of the HTTP API, which is served under the page's own origin too. */
  readonly apiHost: string
  readonly domain: CustomDomain
}

/** The viewer's bucket, which nobody but its distribution may read, and the distribution. */
export class ViewerSite extends Construct {
  readonly bucket: Bucket
  readonly distribution: Distribution
  /** `https://…`, as in an `Origin` header. */
  readonly origin: string

  constructor(scope: Construct, id: string, props: ViewerSiteProps) {
    super(scope, id)
    this.bucket = this.makeBucket()
    const headers = securityHeadersPolicy(this, 'Headers', {
      ...securityHeaders(props.destinations, true),
    })
    this.distribution = this.makeDistribution(props, headers)
    this.origin = `https://${props.domain?.name ?? this.distribution.distributionDomainName}`
  }

  private makeBucket(): Bucket {
    const bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // Emptied by `SiteFiles` before: all in it can be built again.
      removalPolicy: RemovalPolicy.DESTROY,
    })
    accept(bucket, {
      'AwsSolutions-S1':
        'Holds only the published viewer, read by CloudFront alone; a log of that would say nothing.',
    })
    return bucket
  }

  private makeDistribution(
    { apiHost, domain }: ViewerSiteProps,
    responseHeadersPolicy: IResponseHeadersPolicy,
  ): Distribution {
    const originAccessControl = new S3OriginAccessControl(this, 'Access', {
      originAccessControlName: regionalName(this, 'viewer'),
    })
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${Stack.of(this).stackName} viewer`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket, { originAccessControl }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        responseHeadersPolicy,
      },
      ...(domain && {
        domainNames: [domain.name],
        // Has no effect on the name *.cloudfront.net, which brings its own list.
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      }),
    })
    const api = new HttpOrigin(apiHost, { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY })
    for (const path of ['/v1/*', '/healthz'])
      distribution.addBehavior(path, api, { ...uncached, responseHeadersPolicy })
    accept(distribution, findings(domain))
    return distribution
  }
}

/** Every request goes through to the API, with the token, and without the page's host name. */
const uncached: AddBehaviorOptions = {
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
}

const findings = (domain: CustomDomain): Readonly<Record<string, string>> => ({
  'AwsSolutions-CFR1': 'People watch their printers from anywhere, also abroad.',
  'AwsSolutions-CFR2':
    'A WAF costs more a month than the whole relay; files are public, the API is behind tokens and throttled.',
  'AwsSolutions-CFR3':
    'Access logs would keep addresses of people; CloudFront counts requests and errors without them.',
  ...(domain === undefined && {
    'AwsSolutions-CFR4':
      'The name *.cloudfront.net fixes its own protocol list; a custom domain brings TLS 1.2 as the least.',
  }),
})
