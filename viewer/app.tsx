import { GuestApp } from './guest/guest-app.tsx'
import { PersonApp } from './frame/person-app.tsx'
import { useRoute } from './frame/use-route.ts'

/** Guests come by a share link and need no sign-in; everybody else is a person. */
export const App = () => {
  const route = useRoute()
  return route.page === 'guest' ? <GuestApp key={route.secret} {...route} /> : <PersonApp />
}
