import {
  AdminCreateUserCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  type AdminCreateUserCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { InvitedAccount } from '../../protocol/rest-invitations.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { RelayError } from '../relay/errors.ts'
import type { Accounts, Log } from '../relay/ports.ts'

export interface CognitoAccountsOptions {
  readonly client: CognitoIdentityProviderClient
  readonly userPoolId: string
  readonly log: Log
}

/** The accounts of a user pool, which mails the invited their first password by itself. */
export const cognitoAccounts = (options: CognitoAccountsOptions): Accounts => ({
  invite: async (email) => {
    const made = await unless(options, { [alreadyThere]: false }, () => create(options, email))
    return made ? { state: 'made' } : mailAgain(options, email)
  },
  endSignIns: async (principal) => {
    const sub = principal.slice('user:'.length)
    if (await signOut(options, sub)) return
    const username = await usernameOf(options, sub)
    if (username !== undefined) await signOut(options, username)
  },
})

/** The same as the Lambdas have it, credentials and region from where the SDK finds them. */
export const cognitoAccountsOf = (userPoolId: string, log: Log): Accounts =>
  cognitoAccounts({ client: new CognitoIdentityProviderClient({}), userPoolId, log })

const alreadyThere = 'UsernameExistsException'
const alreadyIn = 'UnsupportedUserStateException'
const notThere = 'UserNotFoundException'

/** Always true: there is an account now that was not there. */
const create = async (
  { client, userPoolId }: CognitoAccountsOptions,
  email: string,
): Promise<boolean> => {
  const wish: AdminCreateUserCommandInput = {
    UserPoolId: userPoolId,
    Username: email,
    DesiredDeliveryMediums: ['EMAIL'],
    // Verified by the mail itself: without its password nobody signs in.
    UserAttributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ],
  }
  await client.send(new AdminCreateUserCommand(wish), inTime())
  return true
}

/**
 * Who never signed in gets another first password: the old one runs out after seven days, and then
 * Cognito refuses "forgot password" too. Whoever chose one of their own is left alone.
 */
const mailAgain = (options: CognitoAccountsOptions, email: string): Promise<InvitedAccount> =>
  unless<InvitedAccount>(options, { [alreadyIn]: { state: 'known' } }, async () => {
    const wish: AdminCreateUserCommandInput = {
      UserPoolId: options.userPoolId,
      Username: email,
      MessageAction: 'RESEND',
      DesiredDeliveryMediums: ['EMAIL'],
    }
    await options.client.send(new AdminCreateUserCommand(wish), inTime())
    return { state: 'made' }
  })

/** Whether there is such a user, whose refresh tokens then give nothing more. */
const signOut = (options: CognitoAccountsOptions, username: string): Promise<boolean> =>
  unless(options, { [notThere]: false }, async () => {
    const { client, userPoolId } = options
    const wish = { UserPoolId: userPoolId, Username: username }
    await client.send(new AdminUserGlobalSignOutCommand(wish), inTime())
    return true
  })

/** For people of a federated issuer, whose `sub` is not taken in the place of their user name. */
const usernameOf = (options: CognitoAccountsOptions, sub: string): Promise<string | undefined> =>
  unless(options, {}, async () => {
    // The filter has a quoting of its own; a user pool's `sub` is a UUID.
    if (!/^[\w-]{1,128}$/.test(sub)) return undefined
    const { client, userPoolId } = options
    const wish = { UserPoolId: userPoolId, Filter: `sub = "${sub}"`, Limit: 1 }
    const { Users = [] } = await client.send(new ListUsersCommand(wish), inTime())
    return Users[0]?.Username
  })

const inTime = () => ({ abortSignal: AbortSignal.timeout(timeOuts.store) })

/** Runs a call; an error that is an answer, by its name, is given back as that. */
const unless = async <T>(
  { log }: CognitoAccountsOptions,
  answers: Readonly<Record<string, T>>,
  call: () => Promise<T>,
): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Unknown'
    if (Object.hasOwn(answers, name)) return answers[name] as T
    // By its name alone: the SDK's error holds the request, and with it an address.
    log.error({ error: name }, 'the user pool refused')
    throw notTaken.has(name)
      ? new RelayError('bad_request', 'The user pool takes no such address, or cannot mail it.')
      : new RelayError('unavailable', 'The user pool does not answer: try again.')
  }
}

const notTaken = new Set(['InvalidParameterException', 'CodeDeliveryFailureException'])
