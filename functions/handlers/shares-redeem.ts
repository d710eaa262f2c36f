import { bySecretSchema } from '../../protocol/rest-invitations.ts'
import type { Relay } from '../relay/create-relay.ts'
import { bodyOf } from './body.ts'
import { changed, withSecret } from './http.ts'

/** `POST /v1/shares/redeem` */
export const sharesRedeemHandler = (relay: Relay) =>
  withSecret(relay, async (address, event) =>
    changed(await relay.redeemShare(address, () => bodyOf(bySecretSchema, event).secret)),
  )
