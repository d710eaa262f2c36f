import type { RelayClient } from '../../client/relay-client.ts'
import type { OwnLink } from './quietly.ts'

/** Whether anybody looks: told as it changes, and at each start, which may be in the background. */
export const tellVisible = (client: RelayClient): void =>
  client.setVisible(document.visibilityState === 'visible')

/** Starts the link; unseen it ends its subscriptions after a while, and the agent may rest. */
export const startClient = (client: RelayClient): void => {
  client.start()
  tellVisible(client)
}

export const ownLinkOf = (client: RelayClient): OwnLink => ({
  stop: () => client.stop(),
  start: () => startClient(client),
})
