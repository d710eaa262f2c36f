import { pairingCodeSchema } from '../../protocol/pairing-code.ts'
import { isLoopback } from '../config/config-schema.ts'
import { PairError } from './errors.ts'

/** What is meant by the address a person gives: that of the page where they watch, as it is copied. */
export const relayPage = (text: string): URL => {
  // A code in the place of the address would else be told in the next error as a host's name.
  if (pairingCodeSchema.safeParse(text).success)
    throw wrongAddress('the address of the relay comes first, then the code')
  const url = urlOf(text.trim())
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw wrongAddress(
      "the relay's address is no web address: give that of the page where you watch, as https://relay.example",
    )
  if (url.username !== '' || url.password !== '')
    throw wrongAddress("the relay's address takes no user or password: leave them out")
  if (!isPrivate(url))
    throw wrongAddress(
      `${url.origin} would show the printer's token to the network: give the https:// address`,
    )
  url.hash = ''
  url.search = ''
  return url
}

/** Encrypted, or within this machine. */
export const isPrivate = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || protocol === 'wss:' || isLoopback(hostname)

export const wrongAddress = (message: string) => new PairError('wrong_address', message)

const urlOf = (text: string): URL | undefined => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return URL.canParse(text) ? new URL(text) : undefined
  if (text === '' || !URL.canParse(`https://${text}`)) return undefined
  const url = new URL(`https://${text}`)
  return isLoopback(url.hostname) ? new URL(`http://${text}`) : url
}
