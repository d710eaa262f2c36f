import { Duration } from 'aws-cdk-lib'
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type ResponseCustomHeader,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront'
import type { Construct } from 'constructs'
import { ConfigError } from './config-error.ts'
import { regionalName } from './regional-name.ts'

type Headers = Readonly<Record<string, string>>

/**
 * The same headers as on one machine. CloudFront has fields of its own for some and refuses those
 * as custom headers, so each goes where it belongs.
 */
export const securityHeadersPolicy = (
  scope: Construct,
  id: string,
  headers: Headers,
): ResponseHeadersPolicy => {
  const { behavior, custom } = sorted(headers)
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: regionalName(scope, 'headers'),
    securityHeadersBehavior: behavior,
    customHeadersBehavior: { customHeaders: custom },
  })
}

const sorted = (headers: Headers) => {
  const behavior: { -readonly [K in keyof ResponseSecurityHeadersBehavior]: unknown } = {}
  const custom: ResponseCustomHeader[] = []
  for (const [header, value] of Object.entries(headers)) {
    const own = ownField(header, value)
    if (own) Object.assign(behavior, own)
    else custom.push({ header, value, override: true })
  }
  return { behavior: behavior as ResponseSecurityHeadersBehavior, custom }
}

/** CloudFront's own field for a header; `undefined` for a custom one. */
const ownField = (header: string, value: string): ResponseSecurityHeadersBehavior | undefined => {
  const override = true
  switch (header) {
    case 'content-security-policy':
      return { contentSecurityPolicy: { contentSecurityPolicy: value, override } }
    case 'x-content-type-options':
      return { contentTypeOptions: { override } }
    case 'x-frame-options':
      return { frameOptions: { frameOption: oneOf(HeadersFrameOption, header, value), override } }
    case 'referrer-policy':
      return {
        referrerPolicy: { referrerPolicy: oneOf(HeadersReferrerPolicy, header, value), override },
      }
    case 'strict-transport-security':
      return { strictTransportSecurity: { ...strictTransport(value), override } }
    default:
      return undefined
  }
}

const strictTransport = (value: string) => {
  const seconds = /max-age=(\d+)/.exec(value)?.[1]
  if (seconds === undefined) throw unknown('strict-transport-security', value)
  return {
    accessControlMaxAge: Duration.seconds(Number(seconds)),
    includeSubdomains: value.includes('includeSubDomains'),
    preload: value.includes('preload'),
  }
}

const oneOf = <T extends string>(values: Record<string, T>, header: string, value: string): T => {
  const found = Object.values(values).find((one) => one.toLowerCase() === value.toLowerCase())
  if (found === undefined) throw unknown(header, value)
  return found
}

const unknown = (header: string, value: string): ConfigError =>
  new ConfigError('viewer/security-headers.ts', [
    { path: header, expected: 'a value that CloudFront knows', found: value },
  ])
