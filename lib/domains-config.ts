import * as z from 'zod'
import { domainNameSchema, fields, text } from './config-fields.ts'

const certificate = text(
  /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
  'the ARN of an ACM certificate',
)
const domain = z.optional(fields({ name: domainNameSchema, certificateArn: certificate }))

/** Names of one's own; whoever owns them points them at the addresses that the stack puts out. */
export const customDomainsSchema = fields({
  /** The page. Its certificate must be in us-east-1, where CloudFront looks. */
  viewer: domain,
  /** The HTTP API for other dashboards; certificate in the stack's region. */
  api: domain,
  /** The WebSocket API; certificate in the stack's region. */
  socket: domain,
})

export type CustomDomain = z.infer<typeof domain>

/** The region that an ARN names. */
export const regionOfArn = (arn: string): string => arn.split(':')[3] ?? ''
