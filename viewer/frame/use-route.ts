import { useEffect, useState } from 'preact/hooks'
import { takeInvitation } from '../joining/invitation.ts'
import { routeOf, type Route } from './route.ts'

/** Where the address says that we are. */
export const useRoute = (): Route => {
  const [route, setRoute] = useState(() => routeOf(location.hash))
  useEffect(() => {
    const look = () => {
      takeInvitation()
      setRoute(routeOf(location.hash))
    }
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [])
  return route
}
