import type { EntryName } from '../../functions/routes.ts'
import type { Cloud } from './cloud.ts'
import { isAllowed } from './rights.ts'

/**
 * What the roles of these Lambdas allow and none of their calls needed, as `entry: action on table`.
 * A right is used when a call was made that the statement without it would have refused.
 */
export const unusedRights = (cloud: Cloud, entries: readonly EntryName[]): string[] =>
  cloud.synth.lambdas
    .filter(({ entry }) => entries.includes(entry))
    .flatMap(({ entry, statements }) =>
      statements
        .flatMap(({ actions, resources: on }) =>
          actions.flatMap((action) => on.map((resource) => ({ action, resource }))),
        )
        .filter(({ action }) => !action.startsWith('logs:'))
        .filter(
          ({ action, resource }) =>
            !cloud.made.some(
              (call) =>
                call.caller === entry &&
                isAllowed([{ actions: [action], resources: [resource] }], call),
            ),
        )
        .map(({ action, resource }) => `${entry}: ${action} on ${shortened(cloud, resource)}`),
    )
    .sort()

/** The table's, method's or Lambda's own name, without what the synthesis puts around it. */
const shortened = ({ synth }: Cloud, resource: string): string => {
  const method = /\/ws\/(\w+)\/@connections/.exec(resource)?.[1]
  if (method !== undefined) return method
  if (resource.includes('SignInUsers')) return 'accounts'
  const invoked = synth.lambdas.find(({ logicalId }) => resource.includes(logicalId))
  if (invoked) return invoked.entry
  return resource.includes('<Live') ? 'live' : 'directory'
}
