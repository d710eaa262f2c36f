import { redeemCodeSchema } from '../../protocol/rest-pairing.ts'
import type { Relay } from '../relay/create-relay.ts'
import { bodyOf } from './body.ts'
import { changed, withSecret } from './http.ts'

/** `POST /v1/pairing/redeem` */
export const pairingRedeemHandler = (relay: Relay) =>
  withSecret(relay, async (address, event) =>
    changed(await relay.redeemCode(address, () => bodyOf(redeemCodeSchema, event))),
  )
