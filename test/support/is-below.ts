/** Whether a request's target is this path or below it. */
export const isBelow = (url: string | undefined, path: string): boolean => {
  const target = (url ?? '').split('?', 1)[0] ?? ''
  return target === path || target.startsWith(`${path}/`)
}
