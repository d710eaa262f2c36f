const actionOf = (body: string): string | undefined => {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, 'action')) {
      return undefined
    }
    const { action } = parsed as { action: unknown }
    return typeof action === 'string' ? action : undefined
  } catch {
    return undefined
  }
}

/**
 * The route of a message by `$request.body.action`: what is not JSON, has no such field or no such
 * route goes to `$default`, if there is one. A client cannot name the gateway's own `$` routes.
 */
export const selectRoute = (
  body: string,
  routes: Readonly<Record<string, unknown>>,
): string | undefined => {
  const action = actionOf(body)
  if (action !== undefined && !action.startsWith('$') && Object.hasOwn(routes, action)) {
    return action
  }
  return Object.hasOwn(routes, '$default') ? '$default' : undefined
}
