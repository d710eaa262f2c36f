/** Where the page may connect to, as origins (`https://…`, `wss://…`). */
export interface Destinations {
  readonly api: string
  readonly socket: string
  readonly issuer: string
}

/**
 * The headers that every answer of the viewer carries, in the cloud (CloudFront) and on one machine.
 * Scripts, styles and connections only from where they belong; nothing may frame the page; no
 * address of it is told to others, since share links carry a secret in their fragment.
 */
export const securityHeaders = (
  { api, socket, issuer }: Destinations,
  secure: boolean,
): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src ${[...new Set(["'self'", api, socket, issuer])].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  ...(secure ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
})
