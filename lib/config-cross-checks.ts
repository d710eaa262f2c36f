import type { Mistake } from './config-error.ts'
import type { Config } from './config.ts'
import { regionOfArn } from './domains-config.ts'

/** CloudFront looks for certificates only there. */
const cloudFrontRegion = 'us-east-1'

/** What no field can know alone; run once every field is right by itself. */
export const crossChecks = (config: Config): readonly Mistake[] => [
  ...certificateRegions(config),
  ...repeated('origins', config.origins),
  ...repeated('admission.emails', config.admission.emails),
  ...repeated('admission.domains', config.admission.domains),
  ...repeated(
    'customDomains',
    Object.values(config.customDomains).flatMap((domain) => (domain ? [domain.name] : [])),
  ),
  ...burstBelowRate(config),
  ...foreignAccounts(config),
  ...prefixOfStack(config),
]

const certificateRegions = ({ customDomains, region }: Config): readonly Mistake[] =>
  (['viewer', 'api', 'socket'] as const).flatMap((which) => {
    const arn = customDomains[which]?.certificateArn
    const wanted = which === 'viewer' ? cloudFrontRegion : region
    return arn === undefined || regionOfArn(arn) === wanted
      ? []
      : [mistake(`customDomains.${which}.certificateArn`, `a certificate in ${wanted}`, arn)]
  })

const repeated = (path: string, values: readonly string[]): readonly Mistake[] =>
  [...new Set(values.filter((value, at) => values.indexOf(value) !== at))].map((value) =>
    mistake(path, 'each entry once', value),
  )

const burstBelowRate = ({ throttles }: Config): readonly Mistake[] =>
  (['socket', 'http'] as const).flatMap((which) => {
    const { perSecond, burst } = throttles[which]
    return burst >= Math.min(perSecond, 5_000)
      ? []
      : [mistake(`throttles.${which}.burst`, `at least perSecond (${perSecond})`, burst)]
  })

/** Where somebody else makes the accounts, who of them may come in must be said. */
const foreignAccounts = ({ issuer, admission, protections }: Config): readonly Mistake[] => {
  const ours = issuer.kind === 'cognito' && issuer.federation === undefined
  if (ours || protections.admissionRule !== true) return []
  const rules = admission.emails.length + admission.domains.length + (admission.group ? 1 : 0)
  const expected =
    'a rule, since the issuer makes accounts by itself (or protections.admissionRule)'
  return rules > 0 ? [] : [mistake('admission', expected, {})]
}

/** Without a prefix of its own, sign-in is under the stack's name and the account's 12 digits. */
const prefixOfStack = ({ issuer, stackName }: Config): readonly Mistake[] => {
  if (issuer.kind !== 'cognito' || issuer.domainPrefix !== undefined) return []
  const fits = stackName.length <= 50 && !/aws|amazon|cognito/i.test(stackName)
  const expected = 'a prefix, since Cognito takes none that is made from this stackName'
  return fits ? [] : [mistake('issuer.domainPrefix', expected, stackName)]
}

const mistake = (path: string, expected: string, found: unknown): Mistake => ({
  path,
  expected,
  found: JSON.stringify(found),
})
