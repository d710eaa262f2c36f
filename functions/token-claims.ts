interface TokenEvent {
  readonly request: { readonly userAttributes: Readonly<Record<string, string | undefined>> }
}

/**
 * Lambda entry: Cognito's trigger before it makes tokens (version 2). Cognito's access tokens carry
 * no address, but the verified one decides who owns the first site, who may accept an invitation, and
 * what an admission rule says.
 */
export const handler = async <E extends TokenEvent>(event: E) => {
  const { email, email_verified: verified } = event.request.userAttributes
  const claims =
    email === undefined ? {} : { email, email_verified: verified === 'true' ? 'true' : 'false' }
  return {
    ...event,
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { claimsToAddOrOverride: claims },
      },
    },
  }
}
