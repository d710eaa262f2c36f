import type { Statement } from '../lib/template-parts.ts'

/** One call that a Lambda makes, as IAM judges it. */
export interface Call {
  readonly action: string
  readonly resource: string
}

/** Whether one of the statements allows the call; `*` at a resource's end stands for anything. */
export const isAllowed = (statements: readonly Statement[], { action, resource }: Call): boolean =>
  statements.some(
    ({ actions, resources }) =>
      actions.includes(action) &&
      resources.some((one) =>
        one.endsWith('*') ? resource.startsWith(one.slice(0, -1)) : one === resource,
      ),
  )

const credential = /Credential=([^/,\s]+)\//

/** Each Lambda signs with its own name as access key id, so every request tells who makes it. */
export const callerOf = (authorization: string | undefined): string =>
  credential.exec(authorization ?? '')?.[1] ?? 'nobody'

export const asCaller = (authorization: string | undefined, accessKeyId: string): string =>
  (authorization ?? '').replace(credential, `Credential=${accessKeyId}/`)
