/** The base path survives (`http://host/octoprint/`), with or without a slash at its end. */
export const urlBelow = (base: string, path: string): string => {
  const url = new URL(base)
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return new URL(path, url).href
}
