/** What the rest of the stack needs to know of where people sign in, whoever runs it. */
export interface SignIn {
  /** The `iss` of its tokens and the viewer's `authority`. */
  readonly issuer: string
  readonly clientId: string
  /** A token's `aud` or `client_id` is one of these. */
  readonly audience: readonly string[]
  /** A token's `scope` contains one of these; empty where tokens carry none. */
  readonly requiredScopes: readonly string[]
  /** What the viewer asks for. */
  readonly scope: string
  readonly resource: string | undefined
  readonly token: 'access' | 'id'
}
