import { useEffect, useState } from 'preact/hooks'
import { browserDeps } from '../../client/browser-deps.ts'
import { RequestError } from '../../client/errors.ts'
import { createGuest, guestRoot } from '../../client/guest.ts'
import { createRelayClient, type RelayClient } from '../../client/relay-client.ts'
import type { PrinterId } from '../../protocol/ids.ts'
import type { GuestAnswer } from '../../protocol/rest-shares.ts'
import { secretSchema } from '../../protocol/secret.ts'
import { loadConfig } from '../config.ts'
import { StartError, startWords } from '../errors.ts'
import { failureWords } from '../parts/failure-words.ts'
import { Notice } from '../parts/notice.tsx'
import { GuestPages } from './guest-pages.tsx'
import { keepPass, keptPass } from './kept-pass.ts'
import { LinkEnded } from './link-ended.tsx'

type Stage =
  | { readonly at: 'starting' }
  | { readonly at: 'ended' }
  | { readonly at: 'trouble'; readonly title: string; readonly text: string }
  | { readonly at: 'open'; readonly client: RelayClient; readonly answer: GuestAnswer }

const begin = async (secret: string): Promise<Stage> => {
  if (!secretSchema.safeParse(secret).success) return { at: 'ended' }
  try {
    const parts = browserDeps()
    const config = { ...(await loadConfig(parts.fetch)), root: guestRoot }
    const deps = { ...parts, config }
    const kept = await keptPass(secret)
    const keep = (pass: Parameters<typeof keepPass>[1]) => void keepPass(secret, pass)
    const guest = createGuest({ ...deps, secret, kept, keep })
    const { answer } = await guest.pass()
    const client = createRelayClient({ ...deps, token: guest.token })
    return { at: 'open', client, answer }
  } catch (error) {
    if (error instanceof StartError) return { at: 'trouble', ...startWords[error.code] }
    if (error instanceof RequestError && !error.retryable) return { at: 'ended' }
    return { at: 'trouble', title: 'The link cannot be opened now', text: failureWords(error) }
  }
}

const nothing = { stage: { at: 'starting' }, of: 0 } as const

/** A page that nobody stands in front of tries again by itself, ms. */
const retryMs = 15_000

interface GuestAppProps {
  readonly secret: string
  readonly id: PrinterId | undefined
}

/** From a share link to live printers, without a sign-in. */
export const GuestApp = ({ secret, id }: GuestAppProps) => {
  const [{ stage, of }, set] = useState<{ stage: Stage; of: number }>(nothing)
  const [turn, setTurn] = useState(0)
  const again = () => setTurn((n) => n + 1)
  useEffect(() => {
    let live = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = () =>
      begin(secret).then((next) => {
        if (!live) return
        set({ stage: next, of: turn })
        if (next.at === 'trouble') timer = setTimeout(() => void load(), retryMs)
      })
    void load()
    return () => {
      live = false
      clearTimeout(timer)
    }
  }, [secret, turn])
  switch (stage.at) {
    case 'starting':
      return <p class="starting" role="status" aria-label="Loading" />
    case 'ended':
      return <LinkEnded again={again} />
    case 'trouble': {
      const { title, text } = stage
      return <Notice {...{ title, text }} testId="guest-trouble" action="Try again" act={again} />
    }
    case 'open':
      return <GuestPages key={of} {...stage} {...{ secret, id, again }} />
    default:
      return stage satisfies never
  }
}
