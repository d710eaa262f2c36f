import { useEffect, useState } from 'preact/hooks'
import { browserDeps } from '../../client/browser-deps.ts'
import { createManagement, type Management } from '../../client/management.ts'
import { createRelayClient, type RelayClient } from '../../client/relay-client.ts'
import { loadConfig } from '../config.ts'
import { StartError, startWords, type StartTrouble } from '../errors.ts'
import { returnToInvitation, takeInvitation } from '../joining/invitation.ts'
import { LivePages } from './live-pages.tsx'
import { Notice } from '../parts/notice.tsx'
import { createSignIn, type SignIn } from '../signing/sign-in.ts'
import { SignInPage } from '../signing/sign-in-page.tsx'

type Stage =
  | { readonly at: 'starting' }
  | { readonly at: 'trouble'; readonly why: StartTrouble; readonly signIn: SignIn | undefined }
  | { readonly at: 'signed out'; readonly signIn: SignIn }
  | {
      readonly at: 'signed in'
      readonly signIn: SignIn
      readonly client: RelayClient
      readonly management: Management
    }

const troubleOf = (error: unknown): StartTrouble =>
  error instanceof StartError ? error.code : 'issuer_unreachable'

const begin = async (): Promise<Stage> => {
  let signIn: SignIn | undefined
  try {
    takeInvitation()
    const parts = browserDeps()
    const config = await loadConfig(parts.fetch)
    signIn = createSignIn(config)
    const resumed = await signIn.resume()
    returnToInvitation()
    if (!resumed) return { at: 'signed out', signIn }
    const deps = { ...parts, config, token: signIn.token }
    const client = createRelayClient(deps)
    return { at: 'signed in', signIn, client, management: createManagement(deps) }
  } catch (error) {
    return { at: 'trouble', why: troubleOf(error), signIn }
  }
}

/** From an empty page to live printers, or to a clear word why not. */
export const PersonApp = () => {
  const [stage, setStage] = useState<Stage>({ at: 'starting' })
  const start = () => {
    setStage({ at: 'starting' })
    void begin().then(setStage)
  }
  useEffect(start, [])
  const signInWith = (signIn: SignIn) => () =>
    signIn.begin().catch((error: unknown) => {
      setStage({ at: 'trouble', why: troubleOf(error), signIn })
    })
  switch (stage.at) {
    case 'starting':
      return <p class="starting" role="status" aria-label="Loading" />
    case 'trouble': {
      const { signIn, why } = stage
      // A reload without a network would leave the browser's own page, which tries no more.
      const retry = signIn ? signInWith(signIn) : start
      return (
        <Notice {...startWords[why]} testId={`trouble-${why}`} action="Try again" act={retry} />
      )
    }
    case 'signed out':
      return <SignInPage signIn={signInWith(stage.signIn)} />
    case 'signed in':
      return <LivePages {...stage} again={signInWith(stage.signIn)} />
    default:
      return stage satisfies never
  }
}
