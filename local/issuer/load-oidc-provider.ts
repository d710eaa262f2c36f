import type * as OidcProvider from 'oidc-provider'

let loaded: Promise<typeof OidcProvider> | undefined

/**
 * oidc-provider, without the one line that it prints while it is loaded on Node 20 (which it no
 * longer lists, and on which the tests of this room run). Everything else said meanwhile is said.
 */
export function loadOidcProvider(): Promise<typeof OidcProvider> {
  loaded ??= loadQuietly()
  return loaded
}

async function loadQuietly(): Promise<typeof OidcProvider> {
  const { console } = globalThis
  const warn = console.warn.bind(console)
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('Unsupported runtime')) warn(...words)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
