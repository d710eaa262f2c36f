import { useEffect, useState } from 'preact/hooks'
import { heldInvitation, takeInvitation } from './invitation.ts'

/**
 * The secret of the invitation that this tab holds, and of another one once its link is opened here.
 * One that was accepted or put aside stays for the moment until its page is left.
 */
export const useInvitation = (): string | undefined => {
  const [secret, setSecret] = useState(heldInvitation)
  useEffect(() => {
    const look = () => {
      takeInvitation()
      setSecret((old) => heldInvitation() ?? old)
    }
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [])
  return secret
}
