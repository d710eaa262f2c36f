import type { RequestFacts } from './request-facts.ts'

const headerPrefix = 'route.request.header.'
const queryPrefix = 'route.request.querystring.'

const isThere = (source: string, { headers, query }: RequestFacts): boolean => {
  if (source.startsWith(queryPrefix)) return Boolean(query?.[source.slice(queryPrefix.length)])
  const name = source.slice(headerPrefix.length).toLowerCase()
  return Object.entries(headers).some(([key, value]) => key.toLowerCase() === name && value !== '')
}

/** Whether all identity sources are there: they are ANDed, and one missing is 401 without a call. */
export const hasIdentity = (sources: readonly string[], request: RequestFacts): boolean =>
  sources.every((source) => isThere(source, request))
